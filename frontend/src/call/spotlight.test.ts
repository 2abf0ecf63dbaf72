import { expect, it } from "vitest";
import { nextSpotlight } from "./spotlight";
import type { Candidate } from "./spotlight";

const person = (id: string, change: Partial<Candidate> = {}): Candidate => ({
  id,
  own: false,
  speaking: false,
  lastSpokeAt: 0,
  ...change,
});
const NOBODY = { id: null, since: 0 };

it("begins with who speaks, else with who spoke last, else with the first", () => {
  const a = person("a");
  expect(nextSpotlight(5, NOBODY, [a, person("b")])).toEqual({ id: "a", since: 5 });
  expect(nextSpotlight(5, NOBODY, [a, person("b", { lastSpokeAt: 3 })]).id).toBe("b");
  const c = person("c", { speaking: true });
  expect(nextSpotlight(5, NOBODY, [a, person("b", { lastSpokeAt: 3 }), c]).id).toBe("c");
});

it("stays for two seconds", () => {
  const held = { id: "a", since: 1_000 };
  const people = [person("a"), person("b", { speaking: true })];
  expect(nextSpotlight(2_999, held, people)).toBe(held);
  expect(nextSpotlight(3_000, held, people)).toEqual({ id: "b", since: 3_000 });
});

it("stays with who goes on speaking, and with who spoke last in silence", () => {
  const held = { id: "a", since: 0 };
  const b = person("b", { speaking: true });
  expect(nextSpotlight(9_000, held, [person("a", { speaking: true }), b])).toBe(held);
  expect(nextSpotlight(9_000, held, [person("a"), person("b")])).toBe(held);
});

it("is never oneself, and leaves with whoever leaves", () => {
  const me = person("me", { own: true, speaking: true });
  expect(nextSpotlight(0, { id: "gone", since: 0 }, [me, person("a")]).id).toBe("a");
  expect(nextSpotlight(0, NOBODY, [me]).id).toBeNull();
});
