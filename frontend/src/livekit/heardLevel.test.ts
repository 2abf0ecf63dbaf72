import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { HeardLevel } from "./heardLevel";

/** Sounds with this amplitude for a tenth of a second between two looks. */
function receiver(id: string, amplitude: number | undefined) {
  let energy = 7;
  let seconds = 50;
  return {
    getStats: vi.fn(() => {
      if (amplitude !== undefined) energy += amplitude ** 2 * 0.1;
      seconds += 0.1;
      const sums =
        amplitude === undefined ? {} : { totalAudioEnergy: energy, totalSamplesDuration: seconds };
      const report = new Map([
        ["codec", { type: "codec" }],
        [
          "sent",
          { type: "remote-outbound-rtp", totalAudioEnergy: 1, totalSamplesDuration: seconds },
        ],
        [id, { type: "inbound-rtp", ...sums }],
      ]);
      return Promise.resolve(report as unknown as RTCStatsReport);
    }),
  };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());
const settle = () => vi.advanceTimersByTimeAsync(100);

it("is that of the loudest, as the decoder tells it", async () => {
  const speakers = [receiver("a", 0.1), receiver("b", 0.4), receiver("c", undefined)];
  const heard = new HeardLevel(() => speakers);
  expect(heard.look()).toBe(0);
  await settle();
  // One look alone tells nothing: it may sum up an hour.
  expect(heard.look()).toBe(0);
  await settle();
  expect(heard.look()).toBeCloseTo(0.4);
});

it("is nothing when nobody speaks, or nobody can tell", async () => {
  let speakers = [receiver("a", 0.4)];
  const heard = new HeardLevel(() => speakers);
  heard.look();
  await settle();
  heard.look();
  await settle();
  speakers = [{ getStats: vi.fn(() => Promise.reject(new Error("gone"))) }];
  heard.look();
  await settle();
  expect(heard.look()).toBe(0);
});

it("asks one question at a time, however often one looks", async () => {
  const speaker = receiver("a", 0.2);
  const heard = new HeardLevel(() => [speaker]);
  for (let time = 0; time < 20; time += 1) heard.look();
  await settle();
  expect(speaker.getStats).toHaveBeenCalledOnce();
});
