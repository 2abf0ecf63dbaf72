/** Waiting times between tries that spread a crowd of clients (full jitter). */

/** A random number of milliseconds between `least` and the limit, which doubles with each try. */
export function fullJitter(
  attempt: number,
  least = 500,
  most = 20_000,
  random = Math.random,
): number {
  const limit = Math.min(most, least * 2 ** Math.min(attempt + 1, 16));
  return Math.round(least + random() * (limit - least));
}
