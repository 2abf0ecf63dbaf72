import { expect, test } from "vitest";

import { SpokenTime } from "./spokenTime";

test("speech is counted once, from its beginning to its end", () => {
  const spoken = new SpokenTime();
  expect(spoken.take(500)).toBe(0);
  spoken.note(true, 1000);
  spoken.note(true, 2000);
  spoken.note(false, 3500);
  spoken.note(false, 9000);
  expect(spoken.take(9000)).toBe(2500);
  expect(spoken.take(9500)).toBe(0);
});

test("who is still speaking is counted up to now, and goes on", () => {
  const spoken = new SpokenTime();
  spoken.note(true, 0);
  expect(spoken.take(1000)).toBe(1000);
  spoken.note(false, 1500);
  expect(spoken.take(4000)).toBe(500);
});

test("parts of a millisecond are kept, not lost", () => {
  const spoken = new SpokenTime();
  spoken.note(true, 0);
  expect([spoken.take(0.6), spoken.take(1.2)]).toEqual([0, 1]);
});
