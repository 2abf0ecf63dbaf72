import { expect, test } from "vitest";

import { placeBeside } from "./place";

const view = { width: 400, height: 600 };
const menu = { width: 200, height: 150 };
const key = (left: number, top: number) => ({ left, top, width: 40, height: 40 });

test("it stands on the asked side", () => {
  expect(placeBeside(key(100, 100), menu, view, "below", "start")).toEqual({ left: 100, top: 146 });
  expect(placeBeside(key(100, 300), menu, view, "above", "center")).toEqual({ left: 20, top: 144 });
});

test("it takes the other side if only that has room", () => {
  expect(placeBeside(key(100, 550), menu, view, "below", "start").top).toBe(394);
  expect(placeBeside(key(100, 10), menu, view, "above", "start").top).toBe(56);
});

test("it never leaves the window", () => {
  expect(placeBeside(key(380, 100), menu, view, "below", "start").left).toBe(192);
  expect(placeBeside(key(0, 100), menu, view, "below", "end").left).toBe(8);
});
