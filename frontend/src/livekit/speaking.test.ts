import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Speaking } from "./speaking";

const onChange = vi.fn();
let speaking: Speaking;

beforeEach(() => {
  vi.useFakeTimers();
  onChange.mockReset();
  speaking = new Speaking(onChange);
});

afterEach(() => vi.useRealTimers());

it("lights up at once and goes out after 600 ms", () => {
  speaking.update(new Set(["marta"]));
  expect(speaking.has("marta")).toBe(true);
  speaking.update(new Set());
  vi.advanceTimersByTime(599);
  expect(speaking.has("marta")).toBe(true);
  vi.advanceTimersByTime(1);
  expect(speaking.has("marta")).toBe(false);
  expect(onChange).toHaveBeenCalledTimes(2);
});

it("bridges a pause between words", () => {
  speaking.update(new Set(["marta"]));
  speaking.update(new Set());
  vi.advanceTimersByTime(400);
  speaking.update(new Set(["marta"]));
  vi.advanceTimersByTime(5_000);
  expect(speaking.has("marta")).toBe(true);
  expect(onChange).toHaveBeenCalledOnce();
});

it("remembers when somebody spoke last", () => {
  vi.setSystemTime(1_000);
  speaking.update(new Set(["marta"]));
  speaking.update(new Set());
  vi.advanceTimersByTime(600);
  expect(speaking.lastSpokeAt("marta")).toBe(1_600);
  expect(speaking.lastSpokeAt("jonas")).toBe(0);
});

it("leaves no timer behind", () => {
  speaking.update(new Set(["marta"]));
  speaking.update(new Set());
  speaking.clear();
  expect(vi.getTimerCount()).toBe(0);
});
