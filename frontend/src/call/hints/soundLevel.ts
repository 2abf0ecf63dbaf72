/** How loud a moment of sound is. */

/** What nothing at all counts as; a microphone that works is always louder. */
export const NOTHING = -100;

/** The mean of the wave in decibels below full scale, from -100 to 0. */
export function decibelsOf(wave: Float32Array): number {
  let sum = 0;
  for (const value of wave) sum += value * value;
  return toDecibels(Math.sqrt(sum / wave.length));
}

export function toDecibels(amplitude: number): number {
  if (amplitude <= 1e-5) return NOTHING;
  return Math.min(0, 20 * Math.log10(amplitude));
}
