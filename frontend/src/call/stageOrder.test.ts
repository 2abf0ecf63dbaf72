import { expect, it } from "vitest";
import { arrange } from "./stageOrder";
import type { Standing } from "./stageOrder";

const person = (id: string, change: Partial<Standing> = {}): Standing => ({
  id,
  joinedAt: id.charCodeAt(0),
  speaking: false,
  lastSpokeAt: 0,
  ...change,
});

it("orders by joining", () => {
  expect(arrange([], [person("c"), person("a"), person("b")], 25)).toEqual(["a", "b", "c"]);
});

it("keeps places when people come and go", () => {
  const others = [person("d"), person("a", { joinedAt: 999 }), person("c")];
  expect(arrange(["c", "b", "d"], others, 25)).toEqual(["c", "d", "a"]);
});

it("never moves a speaker inside the first page", () => {
  expect(
    arrange(["a", "b", "c"], [person("a"), person("b"), person("c", { speaking: true })], 3),
  ).toEqual(["a", "b", "c"]);
});

it("gives a speaker from another page the place of the longest silent", () => {
  const others = [
    person("a", { lastSpokeAt: 20 }),
    person("b", { lastSpokeAt: 10 }),
    person("c", { speaking: true, lastSpokeAt: 30 }),
    person("d"),
  ];
  expect(arrange(["a", "b", "c", "d"], others, 2)).toEqual(["a", "c", "b", "d"]);
});

it("takes no place from somebody who speaks", () => {
  const others = ["a", "b", "c"].map((id) => person(id, { speaking: true }));
  expect(arrange(["a", "b", "c"], others, 2)).toEqual(["a", "b", "c"]);
});
