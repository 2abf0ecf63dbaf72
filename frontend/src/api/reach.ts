/** Waits until our own server can be reached again. */

import { ProblemError } from "./problem";

/** A lost packet is sent again after 1 s and 3 s: a question asked anew is quicker than the next of these. */
const ANSWER_LIMIT = 3_000;
let socketPath = "/ws/";

/** Called once by the call, with the path of a socket that this page may open. */
export function configureReach(path: string): void {
  socketPath = path;
}
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

/** Asks in two ways at once; one answer is enough. */
async function answers(signal?: AbortSignal): Promise<boolean> {
  const enough = new AbortController();
  const ends = [enough.signal, AbortSignal.timeout(ANSWER_LIMIT), ...(signal ? [signal] : [])];
  const over = AbortSignal.any(ends);
  try {
    await Promise.any([askOverHttp(over), openSocket(over)]);
    return true;
  } catch {
    return false;
  } finally {
    enough.abort();
  }
}

function askOverHttp(signal: AbortSignal): Promise<unknown> {
  return fetch("/healthz", { cache: "no-store", credentials: "omit", signal });
}

/**
 * A browser goes on connecting for a question that was given up, and gives the next one to the same
 * attempt, whose packets are sent ever more seldom. Only a socket really begins anew.
 */
function openSocket(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}${socketPath}`);
    const end = () => {
      signal.removeEventListener("abort", end);
      socket.close();
      reject(new Error("No socket."));
    };
    socket.onopen = () => {
      resolve();
      end();
    };
    socket.onclose = end;
    signal.addEventListener("abort", end);
  });
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
