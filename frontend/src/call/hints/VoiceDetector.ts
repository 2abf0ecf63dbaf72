/** Tells speech from the noise of a room by how loud it is and how long it lasts. */

/** Speech fills most of this time; a cough, a key or a click does not. */
const WINDOW = 1_200;
const FULL = 0.6;
/** Fewer looks than this, as in a tab in the background, tell nothing. */
const FEWEST = 12;
const QUIETEST_SPEECH = -48;
const ABOVE_NOISE = 10;
/** The noise of a room is the quietest that was heard in this time. */
const NOISE_WINDOW = 10_000;

type Moment = { at: number; decibels: number };

export class VoiceDetector {
  #recent: Moment[] = [];
  #quietest: Moment[] = [];

  /** Takes one moment; true while somebody speaks. */
  take(decibels: number, now: number): boolean {
    this.#recent = [...this.#recent.filter(({ at }) => now - at < WINDOW), { at: now, decibels }];
    const threshold = Math.max(QUIETEST_SPEECH, this.#noise(decibels, now) + ABOVE_NOISE);
    const loud = this.#recent.filter((moment) => moment.decibels >= threshold);
    return this.#recent.length >= FEWEST && loud.length >= this.#recent.length * FULL;
  }

  /** What was heard before says nothing about what comes. */
  forget(): void {
    this.#recent = [];
  }

  /** One quietest moment of each second is enough to know the noise. */
  #noise(decibels: number, now: number): number {
    const last = this.#quietest.at(-1);
    if (!last || now - last.at >= 1_000) this.#quietest.push({ at: now, decibels });
    else last.decibels = Math.min(last.decibels, decibels);
    this.#quietest = this.#quietest.filter(({ at }) => now - at < NOISE_WINDOW);
    const noise = Math.min(...this.#quietest.map((moment) => moment.decibels));
    // A room has to be known first; between words it lets itself be heard.
    return this.#quietest.length < 3 ? 0 : noise;
  }
}
