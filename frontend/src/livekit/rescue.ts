/** Gives a connection up that does not recover though the network is there again. */

import { untilReached } from "../api/reach";
import { fullJitter } from "../api/backoff";

/** For so long LiveKit may try alone. */
const PATIENCE = 4_000;
/** After so long no path recovers by itself: the browser has given it up. */
const HOPELESS = 15_000;
/** For so long a path may take to recover once the network is there. */
const GRACE = 3_000;

/**
 * LiveKit notices a lost network late, tries again at a growing distance, and gives up in the end.
 * Meanwhile our own server is asked, which answers as soon as the network is there; a connection
 * that is still interrupted then is replaced by a new one.
 */
export class Rescue {
  readonly #giveUp: () => void;
  readonly #reached: typeof untilReached;
  #running: AbortController | null = null;

  constructor(giveUp: () => void, reached = untilReached) {
    this.#giveUp = giveUp;
    this.#reached = reached;
  }

  /** Told as often as one likes whether the connection is interrupted now. */
  follow(interrupted: boolean): void {
    if (!interrupted) this.stop();
    else if (this.#running === null) {
      this.#running = new AbortController();
      // Aborted: the connection has recovered, or is closed.
      this.#run(this.#running.signal).catch(() => undefined);
    }
  }

  stop(): void {
    this.#running?.abort(new Error("recovered"));
    this.#running = null;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const since = Date.now();
    await wait(PATIENCE, signal);
    for (let attempt = 0; ; attempt += 1) {
      try {
        await this.#reached(signal);
        break;
      } catch {
        await wait(fullJitter(attempt, 1_000), signal);
      }
    }
    if (Date.now() - since < HOPELESS) await wait(GRACE, signal);
    signal.throwIfAborted();
    this.stop();
    this.#giveUp();
  }
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      if (signal.aborted) reject(signal.reason as Error);
      else resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}
