/** Keys that let the server answer a repeated request as it answered the first. */

import { ProblemError } from "./problem";

/** 128 random bits in 22 characters of [A-Za-z0-9_-]. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

const kept = new Map<string, string>();

/**
 * Runs `send` with the key of this purpose. The key is kept while no answer came (the network or
 * the server failed), so that a retry is the same request; after an answer the next one is new.
 */
export async function withIdempotencyKey<Answer>(
  purpose: string,
  send: (key: string) => Promise<Answer>,
): Promise<Answer> {
  const key = kept.get(purpose) ?? newIdempotencyKey();
  kept.set(purpose, key);
  try {
    const answer = await send(key);
    kept.delete(purpose);
    return answer;
  } catch (error) {
    const unanswered = error instanceof ProblemError && (error.status === 0 || error.status >= 500);
    if (!unanswered) kept.delete(purpose);
    throw error;
  }
}
