import { expect, test } from "vitest";

import { cleanName, nameProblem } from "./name";

test("a name is trimmed, composed, and loses what cannot be seen", () => {
  expect(cleanName("  Zoe\u0308 \u202eevil\u0007 ")).toBe("Zoë evil");
});

test.each([
  ["", "blank"],
  ["Дана", null],
  ["x".repeat(64), null],
  ["x".repeat(65), "too_long"],
  // 64 characters, but more than 256 bytes.
  ["👩‍🚀".repeat(24), "too_long"],
  ["👋".repeat(64), null],
])("%s is judged as by the server", (name, problem) => {
  expect(nameProblem(name)).toBe(problem);
});
