import { expect, test } from "vitest";

import en from "./en.json";
import { findEmoji, groupsOf, recentOf } from "./emojiData";
import ru from "./ru.json";

const ENGLISH = groupsOf(en);
const RUSSIAN = groupsOf(ru);

test("both languages have the same signs in the same groups", () => {
  const signs = (groups: typeof ENGLISH) =>
    groups.map(({ id, emoji }) => [id, emoji.map(({ sign }) => sign)]);
  expect(signs(RUSSIAN)).toEqual(signs(ENGLISH));
  expect(ENGLISH.flatMap(({ emoji }) => emoji).length).toBeGreaterThan(1500);
});

test("an emoji is found by how its words begin, its name first, in either language", () => {
  expect(findEmoji(ENGLISH, "thumbs up")[0]?.sign).toBe("👍️");
  expect(findEmoji(ENGLISH, "Pizz")[0]?.sign).toBe("🍕");
  expect(findEmoji(RUSSIAN, "пицц")[0]?.sign).toBe("🍕");
  expect(findEmoji(ENGLISH, "izza")).toEqual([]);
  expect(findEmoji(ENGLISH, "  ")).toEqual([]);
});

test("of the recent ones those are offered that the picker knows", () => {
  expect(recentOf(ENGLISH, ["🍕", "x"]).map(({ sign }) => sign)).toEqual(["🍕"]);
});
