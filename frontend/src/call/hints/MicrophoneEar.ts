/** Listens to one's own microphone within this page, whether it is muted for the others or not. */

import { releaseSoundContext, takeSoundContext } from "../../sessions/devices/soundContext";
import { decibelsOf } from "./soundLevel";

/** About 85 ms of sound: a syllable is longer, a click is not. */
const MOMENT = 4096;

export class MicrophoneEar {
  readonly source: MediaStreamTrack;
  readonly #context = takeSoundContext();
  readonly #copy: MediaStreamTrack;
  readonly #input: MediaStreamAudioSourceNode;
  readonly #analyser: AnalyserNode;
  readonly #wave = new Float32Array(MOMENT);

  /** A muted track gives nothing. Its copy does, and nobody is ever sent the copy. */
  constructor(source: MediaStreamTrack) {
    this.source = source;
    this.#copy = source.clone();
    this.#copy.enabled = true;
    this.#input = this.#context.createMediaStreamSource(new MediaStream([this.#copy]));
    this.#analyser = this.#context.createAnalyser();
    this.#analyser.fftSize = MOMENT;
    this.#input.connect(this.#analyser);
    void this.#context.resume();
  }

  /** How loud it is now; null while the browser does not let us listen. */
  decibels(): number | null {
    if (this.#context.state !== "running") return null;
    this.#analyser.getFloatTimeDomainData(this.#wave);
    return decibelsOf(this.#wave);
  }

  /** The device itself, or the system, keeps the sound back. */
  get deviceMuted(): boolean {
    return this.source.muted;
  }

  close(): void {
    this.#input.disconnect();
    this.#copy.stop();
    releaseSoundContext();
  }
}
