/** Notices a microphone that is open and gives nothing at all: unplugged, switched off, the wrong one. */

import { NOTHING } from "./soundLevel";

/** Louder than the noise that an echo canceller makes up. */
const AUDIBLE = -60;
export const PATIENCE = 10_000;

/**
 * Only until something was heard: some systems send pure nothing between words, and who listens for
 * ten minutes needs no question. A device that says itself that it is muted is asked about anew.
 */
export class SilenceWatch {
  #heard = false;
  #since: number | null = null;

  /**
   * Takes one moment of an open microphone; true when it has been dead for long enough. While
   * `othersSpeak` the echo canceller adds a faint noise of its own, which is no sign of life.
   */
  take(decibels: number, deviceMuted: boolean, othersSpeak: boolean, now: number): boolean {
    if (deviceMuted) this.#heard = false;
    else if (decibels > (othersSpeak ? AUDIBLE : NOTHING)) this.#heard = true;
    if (this.#heard) this.#since = null;
    else this.#since ??= now;
    return this.#since !== null && now - this.#since >= PATIENCE;
  }

  /** The microphone is off: time passes, but not for this. */
  rest(): void {
    this.#since = null;
  }
}
