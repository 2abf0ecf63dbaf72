import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { useLongPress } from "./useLongPress";

function Place({ onPress, onClick }: { onPress: () => void; onClick: () => void }) {
  return (
    <button type="button" {...useLongPress(onPress)} onClick={onClick}>
      here
    </button>
  );
}

function show() {
  const onPress = vi.fn();
  const onClick = vi.fn();
  render(<Place onPress={onPress} onClick={onClick} />);
  const place = screen.getByRole("button");
  const touch = (x = 0) => {
    const event = new MouseEvent("pointerdown", { bubbles: true, clientX: x });
    Object.assign(event, { pointerType: "touch", isPrimary: true });
    fireEvent(place, event);
  };
  return { onPress, onClick, place, touch };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("a finger that rests presses long, and its leaving presses nothing", () => {
  const { onPress, onClick, place, touch } = show();
  touch();
  act(() => void vi.advanceTimersByTime(500));
  expect(onPress).toHaveBeenCalledTimes(1);
  fireEvent.click(place);
  expect(onClick).not.toHaveBeenCalled();
  fireEvent.click(place);
  expect(onClick).toHaveBeenCalledTimes(1);
});

test("a finger that scrolls or leaves soon does not", () => {
  const { onPress, place, touch } = show();
  touch();
  fireEvent(place, new MouseEvent("pointermove", { bubbles: true, clientY: 30 }));
  act(() => void vi.advanceTimersByTime(500));
  touch();
  fireEvent.pointerUp(place);
  act(() => void vi.advanceTimersByTime(500));
  expect(onPress).not.toHaveBeenCalled();
});
