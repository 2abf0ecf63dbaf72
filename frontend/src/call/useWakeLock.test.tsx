import { act, fireEvent, render } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useWakeLock } from "./useWakeLock";

type Lock = { released: boolean; release: () => Promise<void> };
let locks: Lock[];
const request = vi.fn<() => Promise<Lock>>();

function Lit() {
  useWakeLock();
  return null;
}
const settle = () => act(() => Promise.resolve());
const turn = async (visibility: "visible" | "hidden") => {
  Object.defineProperty(document, "visibilityState", { configurable: true, value: visibility });
  fireEvent(document, new Event("visibilitychange"));
  await settle();
};

beforeEach(() => {
  locks = [];
  request.mockReset().mockImplementation(() => {
    const lock: Lock = {
      released: false,
      release: () => {
        lock.released = true;
        return Promise.resolve();
      },
    };
    locks.push(lock);
    return Promise.resolve(lock);
  });
  Object.defineProperty(navigator, "wakeLock", { configurable: true, value: { request } });
});
afterEach(() => turn("visible"));

it("is taken again after a look at another tab, and only then", async () => {
  render(<Lit />);
  await settle();
  await turn("visible");
  expect(locks).toHaveLength(1);
  await turn("hidden");
  locks[0]!.released = true;
  expect(locks).toHaveLength(1);
  await turn("visible");
  expect(locks).toHaveLength(2);
});

it("is given back with the call, also if it comes too late", async () => {
  const { unmount } = render(<Lit />);
  unmount();
  await settle();
  expect(locks.map(({ released }) => released)).toEqual([true]);
  await turn("visible");
  expect(locks).toHaveLength(1);
});

it("does without where the browser refuses", async () => {
  request.mockRejectedValue(new Error("NotAllowedError"));
  render(<Lit />);
  await settle();
  await turn("visible");
  expect(request).toHaveBeenCalledTimes(2);
});
