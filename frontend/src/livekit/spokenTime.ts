/** For how long somebody has spoken since it was last asked, by the ring that everybody sees. */

export class SpokenTime {
  #since: number | null = null;
  #milliseconds = 0;

  /** Called whenever it may have changed. */
  note(speaking: boolean, now = performance.now()): void {
    if (this.#since !== null) this.#milliseconds += now - this.#since;
    this.#since = speaking ? now : null;
  }

  /** Whole milliseconds; what is taken is not counted again. */
  take(now = performance.now()): number {
    this.note(this.#since !== null, now);
    const whole = Math.floor(this.#milliseconds);
    this.#milliseconds -= whole;
    return whole;
  }
}
