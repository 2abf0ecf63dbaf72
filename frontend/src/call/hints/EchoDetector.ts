/** Notices that the voices of the others come back through one's own microphone. */

import { toDecibels } from "./soundLevel";

export const SAMPLE_EVERY = 100;
/** Samples compared at a time: six seconds. */
const WINDOW = 60;
/** An echo comes this many samples after the voice at most. */
const LONGEST_DELAY = 6;
/** The others' level lags behind, being asked for. Somebody else's echo of oneself comes later yet. */
const SOONEST = -2;
/** Measured through a real call on a busy machine: an echo 0.55 to 0.7, anything else under 0.3. */
const ALIKE = 0.5;
/** Another delay that fits nearly as well means a rhythm, not an echo. */
const CLEARLY = 0.25;
const FAR = 4;
const AUDIBLE = -55;
/** How often in a row it has to be found, a second apart. */
const SURE = 3;

/**
 * An echo has the shape of the voice that it repeats, a little later; what somebody says meanwhile
 * has a shape of its own. So the loudness of both is compared over some seconds, at each delay.
 */
export class EchoDetector {
  #own: number[] = [];
  #heard: number[] = [];
  #count = 0;
  #found = 0;

  /** Takes one's own level in decibels and the others' amplitude; true once an echo is sure. */
  take(own: number, heardAmplitude: number): boolean {
    this.#own = [...this.#own, Math.max(own, -70)].slice(-WINDOW);
    this.#heard = [...this.#heard, Math.max(toDecibels(heardAmplitude), -70)].slice(-WINDOW);
    this.#count += 1;
    if (this.#own.length < WINDOW || this.#count % 10 !== 0) return false;
    this.#found = this.#isEcho() ? this.#found + 1 : 0;
    return this.#found >= SURE;
  }

  forget(): void {
    this.#own = [];
    this.#heard = [];
    this.#found = 0;
  }

  #isEcho(): boolean {
    const speaking = this.#heard.filter((level) => level > AUDIBLE).length / WINDOW;
    const audible = this.#own.filter((level) => level > AUDIBLE).length / WINDOW;
    if (speaking < 0.2 || audible < 0.15) return false;
    let best = { delay: 0, likeness: -1 };
    const all = [];
    for (let delay = -LONGEST_DELAY; delay <= 2 * LONGEST_DELAY; delay += 1) {
      const found = { delay, likeness: likeness(this.#heard, this.#own, delay) };
      all.push(found);
      const possible = delay >= SOONEST && delay <= LONGEST_DELAY;
      if (possible && found.likeness > best.likeness) best = found;
    }
    if (best.likeness < ALIKE) return false;
    const others = all.filter(({ delay }) => Math.abs(delay - best.delay) >= FAR);
    return others.every((other) => best.likeness - other.likeness >= CLEARLY);
  }
}

/** Correlation, from -1 to 1, of the voice with what comes `delay` samples later. */
function likeness(voice: readonly number[], later: readonly number[], delay: number): number {
  const from = Math.max(0, delay);
  const one = voice.slice(Math.max(0, -delay), voice.length - from);
  const two = later.slice(from, later.length - Math.max(0, -delay));
  const meanOne = mean(one);
  const meanTwo = mean(two);
  let product = 0;
  let squaresOne = 0;
  let squaresTwo = 0;
  one.forEach((value, index) => {
    const a = value - meanOne;
    const b = (two[index] ?? meanTwo) - meanTwo;
    product += a * b;
    squaresOne += a * a;
    squaresTwo += b * b;
  });
  const scale = Math.sqrt(squaresOne * squaresTwo);
  return scale === 0 ? 0 : product / scale;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
