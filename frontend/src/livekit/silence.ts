/** Notices within seconds that nothing arrives any more; LiveKit itself says so after thirteen. */

const POLL = 500;
/** A quiet but healthy connection still answers a connectivity check every 2.5 s. */
export const STILL_FOR = 3_000;

/** A number that grows as long as the other end is heard, null where there is nothing to count. */
export type ReadArrived = () => Promise<number | null>;

export class SilenceDetector {
  readonly #read: ReadArrived;
  readonly #onChange: (silent: boolean) => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #arrived: number | null = null;
  #grewAt = 0;
  #readAt = 0;
  #silent = false;

  constructor(read: ReadArrived, onChange: (silent: boolean) => void) {
    this.#read = read;
    this.#onChange = onChange;
  }

  start(): void {
    this.stop();
    this.#arrived = null;
    this.#timer = setInterval(() => void this.#look(), POLL);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#set(false);
  }

  async #look(): Promise<void> {
    const arrived = await this.#read().catch(() => null);
    if (this.#timer === undefined) return;
    const now = Date.now();
    // After the computer slept, the silence was ours.
    const slept = now - this.#readAt > POLL * 5;
    if (arrived !== this.#arrived || arrived === null || slept) this.#grewAt = now;
    this.#arrived = arrived;
    this.#readAt = now;
    this.#set(now - this.#grewAt >= STILL_FOR);
  }

  #set(silent: boolean): void {
    if (silent === this.#silent) return;
    this.#silent = silent;
    this.#onChange(silent);
  }
}

/** Adds up what the transports of a statistics report have heard. */
export function countArrived(report: RTCStatsReport): number | null {
  let count: number | null = null;
  report.forEach((entry: Record<string, unknown>) => {
    if (entry.type !== "candidate-pair" && entry.type !== "transport") return;
    for (const field of ["bytesReceived", "responsesReceived", "requestsReceived"]) {
      if (typeof entry[field] === "number") count = (count ?? 0) + entry[field];
    }
  });
  return count;
}
