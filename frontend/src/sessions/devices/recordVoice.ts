/** Records a few seconds of a microphone, to be played back to the one who spoke. */
import { releaseSoundContext, takeSoundContext } from "./soundContext";

export function canRecord(): boolean {
  return typeof MediaRecorder !== "undefined";
}

/** Ends early, with what there is, when the signal fires. */
export async function recordVoice(
  track: MediaStreamTrack,
  milliseconds: number,
  signal: AbortSignal,
): Promise<AudioBuffer> {
  const recorder = new MediaRecorder(new MediaStream([track]));
  const pieces: Blob[] = [];
  recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
  const stopped = new Promise((done) => recorder.addEventListener("stop", done));
  const stop = () => {
    if (recorder.state !== "inactive") recorder.stop();
  };
  recorder.start();
  const timer = setTimeout(stop, milliseconds);
  signal.addEventListener("abort", stop, { once: true });
  await stopped;
  clearTimeout(timer);
  const context = takeSoundContext();
  try {
    return await context.decodeAudioData(await new Blob(pieces).arrayBuffer());
  } finally {
    releaseSoundContext();
  }
}
