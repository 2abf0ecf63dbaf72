import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { startPlainToaster } from "./plainToaster";
import { currentToasts, dismissToast, showToast } from "./toasts";

let stop: () => void;
const shown = () =>
  [...document.querySelectorAll(".nz-toast-words")].map((card) => card.textContent);
const press = (words: string) =>
  [...document.querySelectorAll("button")].find((key) => key.textContent === words)!.click();

beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = "";
  stop = startPlainToaster();
});
afterEach(() => {
  for (const toast of currentToasts()) dismissToast(toast.id);
  stop();
  vi.useRealTimers();
});

test("a toast stands for five seconds, and is said", async () => {
  showToast({ words: "Ilya started a call." });
  expect(shown()).toEqual(["Ilya started a call."]);
  await vi.advanceTimersByTimeAsync(4_999);
  expect(document.querySelector('[aria-live="polite"]')!.textContent).toBe("Ilya started a call.");
  expect(shown()).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(shown()).toEqual([]);
});

test("its clock stands still while somebody points at it", async () => {
  showToast({ words: "One" });
  const card = document.querySelector(".nz-toast")!;
  await vi.advanceTimersByTimeAsync(3_000);
  card.dispatchEvent(new Event("pointerenter"));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(shown()).toEqual(["One"]);
  card.dispatchEvent(new Event("pointerleave"));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(shown()).toEqual([]);
});

test("an answer is given once, and takes the toast away", () => {
  const onChoose = vi.fn();
  showToast({
    words: "Join?",
    lasting: true,
    actions: [{ label: "Join", primary: true, onChoose }],
  });
  press("Join");
  expect(onChoose).toHaveBeenCalledOnce();
  expect(shown()).toEqual([]);
});

test("a lasting one stays until it is dismissed", async () => {
  showToast({ words: "You are no longer a member.", lasting: true });
  await vi.advanceTimersByTimeAsync(60_000);
  press("Dismiss");
  expect(shown()).toEqual([]);
});

test("names in it are words, never markup", () => {
  showToast({ words: "<b>Ilya</b>" });
  expect(document.querySelector(".nz-toast b")).toBeNull();
});

test("React takes over without a trace of it", () => {
  showToast({ words: "One" });
  stop();
  expect(document.body.innerHTML).toBe("");
  stop = startPlainToaster();
  expect(shown()).toEqual(["One"]);
});
