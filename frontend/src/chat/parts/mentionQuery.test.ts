import { expect, test } from "vitest";

import { mentionedIds, mentionQuery, withMention } from "./mentionQuery";

test.each([
  ["@", 1, ""],
  ["Hello @mar", 10, "mar"],
  ["Hello (@mar", 11, "mar"],
  ["Hello @Marta Si", 15, "Marta Si"],
  ["привет, @мар", 12, "мар"],
])("%s: a name is being written", (text, caret, query) => {
  expect(mentionQuery(text, caret)?.query).toBe(query);
});

test.each([
  ["mail@example", 12],
  ["@ alone", 7],
  ["@one two three four five", 24],
  ["@name\nnext", 10],
  ["nothing", 7],
])("%s: no name is being written", (text, caret) => {
  expect(mentionQuery(text, caret)).toBeNull();
});

test("the name takes the place of what was written, and the caret stands behind it", () => {
  const query = mentionQuery("Hi @mar, look", 7)!;
  expect(withMention("Hi @mar, look", query, "Marta Silva")).toEqual({
    text: "Hi @Marta Silva , look",
    caret: 16,
  });
  const atEnd = mentionQuery("@mar", 4)!;
  expect(withMention("@mar", atEnd, "Marta Silva")).toEqual({ text: "@Marta Silva ", caret: 13 });
});

test("who was picked counts only while the name stands in the words", () => {
  const picked = new Map([
    ["1", "Marta Silva"],
    ["2", "Jonas Lind"],
  ]);
  expect(mentionedIds("Hi @Marta Silva", picked)).toEqual(["1"]);
});
