/** Plays something through the chosen speaker, for tests of it. */
import { releaseSoundContext, takeSoundContext } from "./soundContext";

export type SpeakerChoice = { deviceId: string | undefined; volume: number };

/** Browsers that cannot choose a speaker play through the system's. */
export function canChooseSpeaker(): boolean {
  return "setSinkId" in HTMLMediaElement.prototype;
}

/** Two short notes. */
export async function playTestSound(speaker: SpeakerChoice): Promise<void> {
  await playThrough(speaker, (context, output) => {
    const notes = [523.25, 783.99];
    let last: OscillatorNode | undefined;
    notes.forEach((frequency, index) => {
      const begin = context.currentTime + 0.05 + index * 0.22;
      const tone = new OscillatorNode(context, { frequency, type: "sine" });
      const swell = new GainNode(context, { gain: 0 });
      swell.gain.setValueAtTime(0, begin);
      swell.gain.linearRampToValueAtTime(0.4, begin + 0.02);
      swell.gain.exponentialRampToValueAtTime(0.001, begin + 0.6);
      tone.connect(swell).connect(output);
      tone.start(begin);
      tone.stop(begin + 0.62);
      last = tone;
    });
    return last;
  });
}

/** Stops, with nothing more to be heard, when the signal fires. */
export async function playRecording(
  recording: AudioBuffer,
  speaker: SpeakerChoice,
  signal: AbortSignal,
): Promise<void> {
  await playThrough(speaker, (context, output) => {
    const player = new AudioBufferSourceNode(context, { buffer: recording });
    player.connect(output);
    player.start();
    const stop = () => player.stop();
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
    return player;
  });
}

type Start = (context: AudioContext, output: AudioNode) => AudioScheduledSourceNode | undefined;

async function playThrough(speaker: SpeakerChoice, start: Start): Promise<void> {
  const context = takeSoundContext();
  const output = context.createMediaStreamDestination();
  const element = new Audio();
  element.srcObject = output.stream;
  element.volume = speaker.volume;
  try {
    await context.resume();
    if (canChooseSpeaker() && speaker.deviceId !== undefined) {
      await element.setSinkId(speaker.deviceId).catch(() => undefined);
    }
    await element.play();
    const source = start(context, output);
    if (source) await new Promise((done) => source.addEventListener("ended", done));
  } finally {
    element.pause();
    element.srcObject = null;
    releaseSoundContext();
  }
}
