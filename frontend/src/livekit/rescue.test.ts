import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Rescue } from "./rescue";

const giveUp = vi.fn();
const reached = vi.fn<(signal?: AbortSignal) => Promise<void>>();
let rescue: Rescue;

beforeEach(() => {
  vi.useFakeTimers();
  giveUp.mockReset();
  reached.mockReset().mockResolvedValue(undefined);
  rescue = new Rescue(giveUp, reached);
});

afterEach(() => {
  rescue.stop();
  vi.useRealTimers();
});

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

it("leaves a connection alone that recovers by itself", async () => {
  rescue.follow(true);
  await pass(3_000);
  rescue.follow(false);
  await pass(60_000);
  expect(reached).not.toHaveBeenCalled();
  expect(giveUp).not.toHaveBeenCalled();
});

it("gives a short loss a moment to recover once the network is there", async () => {
  rescue.follow(true);
  await pass(6_900);
  expect(giveUp).not.toHaveBeenCalled();
  rescue.follow(true);
  await pass(200);
  expect(giveUp).toHaveBeenCalledOnce();
});

it("gives a long one up as soon as the network is there", async () => {
  let answer: () => void = () => undefined;
  reached.mockReturnValue(new Promise((resolve) => (answer = resolve)));
  rescue.follow(true);
  await pass(60_000);
  expect(giveUp).not.toHaveBeenCalled();
  answer();
  await pass(0);
  expect(giveUp).toHaveBeenCalledOnce();
});

it("asks later and later while the server refuses", async () => {
  reached.mockRejectedValue(new Error("offline"));
  rescue.follow(true);
  await pass(64_000);
  expect(giveUp).not.toHaveBeenCalled();
  expect(reached.mock.calls.length).toBeLessThan(30);
  reached.mockResolvedValue(undefined);
  await pass(20_000);
  expect(giveUp).toHaveBeenCalledOnce();
});

it("does nothing after it was stopped", async () => {
  rescue.follow(true);
  await pass(5_000);
  rescue.stop();
  await pass(60_000);
  expect(giveUp).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});
