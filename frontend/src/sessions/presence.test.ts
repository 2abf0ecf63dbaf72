import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { forgetPresence, recallPresence, rememberPresence } from "./presence";

beforeEach(() => {
  sessionStorage.clear();
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

it("remembers for a minute what was on, for this session only", () => {
  rememberPresence("abc", { microphoneOn: true, cameraOn: false });
  expect(recallPresence("abc")).toEqual({ microphoneOn: true, cameraOn: false });
  expect(recallPresence("other")).toBeNull();
  vi.advanceTimersByTime(60_001);
  expect(recallPresence("abc")).toBeNull();
});

it("forgets when told to, and knows nothing of what it cannot read", () => {
  rememberPresence("abc", { microphoneOn: true, cameraOn: true });
  forgetPresence();
  expect(recallPresence("abc")).toBeNull();
  sessionStorage.setItem("nonza.presence", "{");
  expect(recallPresence("abc")).toBeNull();
});
