/** Tells how far one has read: only what one looked at, not each message by itself, never backwards. */

import { fullJitter } from "../../api/backoff";

const REST = 1_000;
const MOST_TRIES = 5;

export function isLooking(): boolean {
  return document.visibilityState === "visible" && document.hasFocus();
}

export class ReadMarks {
  readonly #tell: (offset: number) => Promise<unknown>;
  readonly #onLooked: () => void;
  #seen = -1;
  #told = -1;
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `onLooked`: what was marked while nobody looked counts from now on. */
  constructor(tell: (offset: number) => Promise<unknown>, onLooked: () => void = () => undefined) {
    this.#tell = tell;
    this.#onLooked = onLooked;
    addEventListener("focus", this.#look);
    document.addEventListener("visibilitychange", this.#look);
    addEventListener("pagehide", this.#flush);
  }

  mark = (offset: number): void => {
    this.#seen = Math.max(this.#seen, offset);
    this.#look();
  };

  stop(): void {
    removeEventListener("focus", this.#look);
    document.removeEventListener("visibilitychange", this.#look);
    removeEventListener("pagehide", this.#flush);
    this.#flush();
  }

  /** What was looked at a moment ago was read, too. */
  #flush = (): void => {
    clearTimeout(this.#timer);
    if (this.#timer !== undefined) void this.#send();
  };

  #look = (): void => {
    if (!isLooking()) return;
    this.#onLooked();
    if (this.#seen > this.#told) this.#timer ??= setTimeout(() => void this.#send(), REST);
  };

  async #send(): Promise<void> {
    this.#timer = undefined;
    const offset = this.#seen;
    if (offset <= this.#told) return;
    const before = this.#told;
    this.#told = offset;
    try {
      await this.#tell(offset);
      this.#tries = 0;
    } catch {
      this.#told = before;
      this.#tries += 1;
      if (this.#tries < MOST_TRIES) {
        this.#timer ??= setTimeout(() => void this.#send(), fullJitter(this.#tries));
      }
    }
  }
}
