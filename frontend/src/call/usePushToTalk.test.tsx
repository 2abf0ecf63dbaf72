import { fireEvent, render } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import type { TalkKey } from "../sessions/types";
import { FakeCall } from "./fakeCall";
import { usePushToTalk } from "./usePushToTalk";

const PAGE = [document];
let call: FakeCall;
const clicked = vi.fn<() => void>();

function Held({ talkKey = "Space" }: { talkKey?: TalkKey }) {
  const talking = usePushToTalk(call, talkKey, PAGE);
  return <button onClick={clicked}>{talking ? "talking" : "quiet"}</button>;
}

beforeEach(() => {
  clicked.mockReset();
  call = new FakeCall({ microphone: { on: false, trouble: null } });
  call.setMicrophone.mockImplementation((on: boolean) =>
    call.change({ microphone: { on, trouble: null } }),
  );
});

const button = () => document.querySelector("button")!;
const down = (target: Element = document.body, change = {}) =>
  fireEvent.keyDown(target, { code: "Space", key: " ", ...change });
const up = (target: Element = document.body) =>
  fireEvent.keyUp(target, { code: "Space", key: " " });
const asked = () => call.setMicrophone.mock.calls.map(([on]) => on as boolean);

it("opens the microphone while the key is held, once however often it repeats", () => {
  render(<Held />);
  expect(down()).toBe(false);
  expect(down(document.body, { repeat: true })).toBe(false);
  expect(button().textContent).toBe("talking");
  up();
  expect(button().textContent).toBe("quiet");
  expect(asked()).toEqual([true, false]);
});

it("neither mutes who is heard anyway nor opens twice", () => {
  call.change({ microphone: { on: true, trouble: null } });
  render(<Held />);
  down();
  up();
  expect(asked()).toEqual([]);
});

it("talks from a button that was clicked, without pressing it", () => {
  render(<Held />);
  fireEvent.pointerDown(button());
  button().focus();
  expect(down(button())).toBe(false);
  expect(up(button())).toBe(false);
  expect(asked()).toEqual([true, false]);
  expect(clicked).not.toHaveBeenCalled();
});

it("leaves Space to the button that Tab reached", () => {
  render(<Held />);
  fireEvent.keyDown(document.body, { key: "Tab" });
  expect(down(button())).toBe(true);
  expect(asked()).toEqual([]);
});

it.each([
  ["the window loses the focus", () => fireEvent.blur(window)],
  ["the tab is hidden", () => fireEvent(document, new Event("visibilitychange"))],
  ["the page goes", () => fireEvent(window, new Event("pagehide"))],
])("lets go when %s, though the key never comes up", (_why, happen) => {
  render(<Held />);
  down();
  happen();
  expect(asked()).toEqual([true, false]);
  up();
  expect(asked()).toEqual([true, false]);
});

it("lets go with the call, and with the setting", () => {
  const { rerender, unmount } = render(<Held />);
  down();
  rerender(<Held talkKey="off" />);
  expect(asked()).toEqual([true, false]);
  down();
  expect(asked()).toEqual([true, false]);
  rerender(<Held talkKey="Backquote" />);
  fireEvent.keyDown(document.body, { code: "Backquote", key: "ё" });
  unmount();
  expect(asked()).toEqual([true, false, true, false]);
});
