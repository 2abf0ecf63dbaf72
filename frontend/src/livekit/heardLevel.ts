/** How loud the others are as they come out of our decoder, a tenth of a second late at most. */

/** Anything that arrives; LiveKit's remote tracks have one. */
export type Receiver = Pick<RTCRtpReceiver, "getStats">;

const EVERY = 80;

/**
 * Statistics are asked for, since the audio levels of packets do not come through the media server.
 * The answer of one look is what the next look gives.
 */
export class HeardLevel {
  readonly #getReceivers: () => Receiver[];
  readonly #sums = new Map<string, { energy: number; seconds: number }>();
  #level = 0;
  #askedAt = -Infinity;
  #asking = false;

  /** `getReceivers`: those of who is speaking. */
  constructor(getReceivers: () => Receiver[]) {
    this.#getReceivers = getReceivers;
  }

  /** From 0 to 1. */
  look(): number {
    const now = Date.now();
    if (!this.#asking && now - this.#askedAt >= EVERY) {
      this.#askedAt = now;
      void this.#ask();
    }
    return this.#level;
  }

  async #ask(): Promise<void> {
    this.#asking = true;
    const reports = await Promise.all(
      this.#getReceivers().map((receiver) => receiver.getStats().catch(() => null)),
    );
    this.#level = Math.max(0, ...reports.map((report) => this.#levelIn(report)));
    this.#asking = false;
  }

  /** The mean amplitude since the look before: the browser's own level is smoothed over syllables. */
  #levelIn(report: RTCStatsReport | null): number {
    let level = 0;
    report?.forEach((entry: Record<string, unknown>, id: string) => {
      const { type, totalAudioEnergy: energy, totalSamplesDuration: seconds } = entry;
      if (type !== "inbound-rtp" || typeof energy !== "number" || typeof seconds !== "number")
        return;
      const before = this.#sums.get(id);
      this.#sums.set(id, { energy, seconds });
      if (!before || seconds <= before.seconds) return;
      const mean = (energy - before.energy) / (seconds - before.seconds);
      level = Math.max(level, Math.sqrt(Math.max(0, mean)));
    });
    return level;
  }
}
