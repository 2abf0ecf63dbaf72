import { expect, it } from "vitest";
import { fullJitter } from "./backoff";

it("spreads the first try over half a second to one", () => {
  expect(fullJitter(0, 500, 20_000, () => 0)).toBe(500);
  expect(fullJitter(0, 500, 20_000, () => 1)).toBe(1000);
});

it("never waits longer than its limit", () => {
  expect(fullJitter(5, 500, 20_000, () => 1)).toBe(20_000);
  expect(fullJitter(1000, 500, 20_000, () => 1)).toBe(20_000);
});
