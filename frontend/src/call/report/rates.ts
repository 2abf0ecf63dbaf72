/** What went through between two reports. */

import type { Flow, MediaReport } from "../../livekit/types";

export type Rates = {
  /** Kilobits a second; null until there are two reports. */
  readonly rate: number | null;
  /** Per cent of the packets of this time, or of all of them so far. */
  readonly loss: number;
};

export function ratesBetween(before: MediaReport | null, now: MediaReport): Map<string, Rates> {
  const earlier = new Map(before && flowsOf(before).map((flow) => [flow.key, flow]));
  const seconds = before ? (now.at - before.at) / 1_000 : 0;
  return new Map(
    flowsOf(now).map((flow) => [flow.key, compare(earlier.get(flow.key), flow, seconds)]),
  );
}

function compare(before: Flow | undefined, now: Flow, seconds: number): Rates {
  // A count that fell is a new track under an old key.
  const counted = before && seconds > 0 && now.bytes >= before.bytes ? before : undefined;
  const packets = now.packets - (counted?.packets ?? 0);
  const lost = Math.max(0, now.lost - (counted?.lost ?? 0));
  const all = packets + lost;
  return {
    rate: counted ? Math.round(((now.bytes - counted.bytes) * 8) / 1_000 / seconds) : null,
    loss: all > 0 ? Math.round((lost / all) * 1_000) / 10 : 0,
  };
}

function flowsOf(report: MediaReport): Flow[] {
  return [...report.sent, ...report.received];
}
