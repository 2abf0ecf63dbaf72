import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ReadMarks } from "./readMarks";

const tell = vi.fn<(offset: number) => Promise<unknown>>();
let marks: ReadMarks;
let looking = true;

beforeEach(() => {
  vi.useFakeTimers();
  looking = true;
  vi.spyOn(document, "hasFocus").mockImplementation(() => looking);
  tell.mockReset().mockResolvedValue(undefined);
  marks = new ReadMarks(tell);
});
afterEach(() => {
  marks.stop();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const told = () => tell.mock.calls.flat();

it("tells once for many, and never backwards", async () => {
  for (const offset of [3, 5, 4]) marks.mark(offset);
  expect(told()).toEqual([]);
  await vi.advanceTimersByTimeAsync(1_000);
  marks.mark(2);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(told()).toEqual([5]);
});

it("waits until one looks", async () => {
  looking = false;
  marks.mark(7);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(told()).toEqual([]);
  looking = true;
  dispatchEvent(new Event("focus"));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(told()).toEqual([7]);
});

it("tries again when it was not heard, and not for ever", async () => {
  tell.mockRejectedValueOnce(new Error("offline"));
  marks.mark(7);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(told()).toEqual([7, 7]);
  tell.mockRejectedValue(new Error("offline"));
  marks.mark(8);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(told()).toHaveLength(7);
});

it("tells what is left when one goes", () => {
  marks.mark(7);
  marks.stop();
  expect(told()).toEqual([7]);
});

it("tells at once what was read a moment ago when the page is left", () => {
  marks.mark(7);
  expect(told()).toEqual([]);
  dispatchEvent(new Event("pagehide"));
  expect(told()).toEqual([7]);
});
