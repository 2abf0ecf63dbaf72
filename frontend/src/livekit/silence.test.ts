import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { SilenceDetector, countArrived } from "./silence";

const onChange = vi.fn<(silent: boolean) => void>();
let arrived: number | null;
let detector: SilenceDetector;

beforeEach(() => {
  vi.useFakeTimers();
  onChange.mockReset();
  arrived = 0;
  detector = new SilenceDetector(() => Promise.resolve(arrived), onChange);
  detector.start();
});

afterEach(() => {
  detector.stop();
  vi.useRealTimers();
});

async function pass(milliseconds: number, perPoll: number): Promise<void> {
  for (let time = 0; time < milliseconds; time += 500) {
    if (arrived !== null) arrived += perPoll;
    await vi.advanceTimersByTimeAsync(500);
  }
}

it("says within five seconds that nothing arrives, and at once that it does again", async () => {
  await pass(5_000, 100);
  expect(onChange).not.toHaveBeenCalled();
  await pass(4_500, 0);
  expect(onChange.mock.calls).toEqual([[true]]);
  await pass(500, 1);
  expect(onChange.mock.calls).toEqual([[true], [false]]);
});

it("takes a connection that only answers its checks for healthy", async () => {
  for (let check = 0; check < 6; check += 1) {
    await pass(2_000, 0);
    await pass(500, 1);
  }
  expect(onChange).not.toHaveBeenCalled();
});

it("does not mistake sleep for silence", async () => {
  await pass(2_000, 100);
  vi.setSystemTime(Date.now() + 60_000);
  await pass(500, 0);
  expect(onChange).not.toHaveBeenCalled();
});

it("knows nothing where there is nothing to count", async () => {
  arrived = null;
  await pass(20_000, 0);
  expect(onChange).not.toHaveBeenCalled();
});

it("takes its word back when it is stopped", async () => {
  await pass(1_000, 1);
  await pass(5_000, 0);
  detector.stop();
  expect(onChange.mock.calls).toEqual([[true], [false]]);
});

it("counts what transports and candidate pairs have heard", () => {
  const report = new Map<string, unknown>([
    ["a", { type: "candidate-pair", bytesReceived: 10, responsesReceived: 2, requestsReceived: 1 }],
    ["b", { type: "inbound-rtp", bytesReceived: 1000 }],
    ["c", { type: "transport", bytesReceived: 5 }],
  ]);
  expect(countArrived(report as unknown as RTCStatsReport)).toBe(18);
  expect(countArrived(new Map() as unknown as RTCStatsReport)).toBeNull();
});
