import { expect, test } from "vitest";

import { initials } from "./initials";

test.each([
  ["Marta", "M"],
  ["marta da silva", "MS"],
  ["Дина Жукова", "ДЖ"],
  ["  “Bo”  Lind ", "BL"],
  ["", ""],
])("%s is %s", (name, letters) => {
  expect(initials(name)).toBe(letters);
});
