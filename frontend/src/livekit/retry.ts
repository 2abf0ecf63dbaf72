/** Seconds between tries to get into the call. */

import { fullJitter } from "../api/backoff";

/** At least as long as the server asked for, else a random time that grows to 20 s. */
export function retryDelay(attempt: number, error: unknown): number {
  const asked = (error as { retryAfter?: number | null } | null)?.retryAfter ?? 0;
  return Math.max(fullJitter(attempt, 1_000), asked * 1_000);
}
