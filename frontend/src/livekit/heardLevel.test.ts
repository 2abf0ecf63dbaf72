import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { HeardLevel } from "./heardLevel";

function receiver(audioLevel: unknown) {
  const entries = [
    { type: "codec" },
    { type: "remote-outbound-rtp", audioLevel: 1 },
    { type: "inbound-rtp", audioLevel },
  ];
  const report = new Map(entries.map((entry, place) => [`${place}`, entry]));
  return { getStats: vi.fn(() => Promise.resolve(report as unknown as RTCStatsReport)) };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());
const settle = () => vi.advanceTimersByTimeAsync(100);

it("is that of the loudest, as the decoder tells it", async () => {
  const heard = new HeardLevel(() => [receiver(0.1), receiver(0.4), receiver(undefined)]);
  expect(heard.look()).toBe(0);
  await settle();
  expect(heard.look()).toBe(0.4);
});

it("is nothing when nobody speaks, or nobody can tell", async () => {
  let speakers = [receiver(0.4)];
  const heard = new HeardLevel(() => speakers);
  heard.look();
  await settle();
  speakers = [{ getStats: vi.fn(() => Promise.reject(new Error("gone"))) }];
  heard.look();
  await settle();
  expect(heard.look()).toBe(0);
});

it("asks one question at a time, however often one looks", async () => {
  const speaker = receiver(0.2);
  const heard = new HeardLevel(() => [speaker]);
  for (let time = 0; time < 20; time += 1) heard.look();
  await settle();
  expect(speaker.getStats).toHaveBeenCalledOnce();
});
