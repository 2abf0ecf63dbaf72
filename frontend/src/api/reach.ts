/** Waits until our own server can be reached again. */

import { ProblemError } from "./problem";

/** A lost packet is sent again after 1 s and 3 s: a question asked anew is quicker than the next of these. */
const ANSWER_LIMIT = 3_000;
const PAUSE = 1_000;
/** Who is refused sooner than this speaks to a machine whose server is down, not to a lost network. */
const AT_ONCE = 1_000;

/**
 * Resolves as soon as any answer comes. A network that swallows everything, or that the browser
 * says is gone, is asked again and again: only this page waits for it. Rejects with "offline" where
 * the answer is a quick no, since then a crowd waits, and each has to keep a growing distance.
 */
export async function untilReached(signal?: AbortSignal): Promise<void> {
  for (;;) {
    const askedAt = Date.now();
    if (await answers(signal)) return;
    signal?.throwIfAborted();
    if (navigator.onLine && Date.now() - askedAt < AT_ONCE) {
      throw new ProblemError({ code: "offline", status: 0, title: "No answer came." });
    }
    await pause(signal);
  }
}

async function answers(signal?: AbortSignal): Promise<boolean> {
  const limit = AbortSignal.timeout(ANSWER_LIMIT);
  try {
    await fetch("/healthz", {
      cache: "no-store",
      credentials: "omit",
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    return true;
  } catch {
    return false;
  }
}

/** A while, or until the browser says that there is a network again. */
function pause(signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      signal?.removeEventListener("abort", end);
      if (signal?.aborted) reject(signal.reason as Error);
      else resolve();
    };
    const timer = setTimeout(end, PAUSE);
    addEventListener("online", end);
    signal?.addEventListener("abort", end);
  });
}
