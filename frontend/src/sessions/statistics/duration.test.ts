import { expect, test } from "vitest";

import { setLanguage } from "../../i18n/translate";
import { duration, percent } from "./duration";

/** Some spaces must not break. */
const plain = (words: string) => words.replace(/\s/g, " ");

test.each([
  [0, "0 sec"],
  [59.4, "59 sec"],
  [60, "1 min"],
  [3599, "1 hr"],
  [4320, "1 hr 12 min"],
])("%d seconds are read as %s", (seconds, words) => {
  expect(plain(duration(seconds))).toBe(words);
});

test("lengths and shares follow the page's language", () => {
  setLanguage("ru");
  try {
    expect(plain(duration(4320))).toBe("1 ч 12 мин");
    expect(plain(percent(0.384))).toBe("38 %");
  } finally {
    setLanguage("en");
  }
});
