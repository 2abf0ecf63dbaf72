import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Announcer } from "./Announcer";
import { Modal } from "./Modal";
import { Toaster } from "./Toaster";
import { currentToasts, dismissToast, showToast } from "./toasts";

let began = Date.now();

beforeEach(() => {
  // Announcements remember when they last spoke: each test begins later than the one before ended.
  vi.useFakeTimers({ now: (began += 1_000_000) });
  render(
    <>
      <Announcer />
      <button>Here</button>
      <Toaster />
    </>,
  );
  screen.getByText("Here").focus();
});
afterEach(() => {
  act(() => currentToasts().forEach(({ id }) => dismissToast(id)));
  vi.runAllTimers();
  vi.useRealTimers();
});

const pass = (milliseconds: number) => {
  act(() => {
    vi.advanceTimersByTime(milliseconds);
  });
};
const shown = () => currentToasts().map(({ words }) => words);

test("a quiet toast stays five seconds and never takes the focus", () => {
  act(() => void showToast({ words: "Link copied" }));
  pass(4900);
  expect(shown()).toEqual(["Link copied"]);
  expect(document.activeElement?.textContent).toBe("Here");
  pass(200);
  expect(shown()).toEqual([]);
});

test("its time stands still under the pointer", () => {
  act(() => void showToast({ words: "Link copied" }));
  const card = document.querySelector(".nz-toast")!;
  pass(3000);
  fireEvent.pointerEnter(card);
  pass(60_000);
  expect(shown()).toEqual(["Link copied"]);
  fireEvent.pointerLeave(card);
  pass(1900);
  expect(shown()).toEqual(["Link copied"]);
  pass(200);
  expect(shown()).toEqual([]);
});

test("a toast with a question stays until it is answered", () => {
  const unmute = vi.fn();
  act(
    () =>
      void showToast({
        words: "Marta asks you to unmute",
        lasting: true,
        actions: [{ label: "Unmute", primary: true, onChoose: unmute }],
      }),
  );
  pass(60_000);
  fireEvent.click(screen.getByRole("button", { name: "Unmute" }));
  expect(unmute).toHaveBeenCalledOnce();
  expect(shown()).toEqual([]);
});

test("a toast lies in the open dialog, where it can be reached", () => {
  const { rerender } = render(
    <Modal title="Sound and camera" onClose={vi.fn()}>
      Words
    </Modal>,
  );
  act(() => void showToast({ words: "Link copied" }));
  expect(screen.getByText("Link copied").closest("dialog")).toBeTruthy();
  rerender(<></>);
  expect(screen.getByText("Link copied").closest("dialog")).toBeNull();
});

test("a later toast of the same key takes the place of the earlier one", () => {
  act(() => {
    showToast({ words: "1 person", key: "knock" });
    showToast({ words: "2 people", key: "knock" });
  });
  expect(shown()).toEqual(["2 people"]);
});

test("toasts are announced: politely together, assertively at once", () => {
  pass(10_000);
  act(() => {
    showToast({ words: "Dana came in." });
    showToast({ words: "Bo left." });
    showToast({ words: "Sound is off.", urgency: "assertive" });
  });
  expect(document.querySelector('[aria-live="assertive"]')?.textContent).toBe("Sound is off.");
  pass(0);
  const polite = document.querySelector('[aria-live="polite"]');
  expect(polite?.textContent).toBe("Dana came in. Bo left.");
  act(() => void showToast({ words: "Eva came in." }));
  pass(2000);
  expect(polite?.textContent).toBe("Dana came in. Bo left.");
  pass(1500);
  expect(polite?.textContent).toBe("Eva came in.");
});
