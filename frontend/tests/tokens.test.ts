/** The design's tokens. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync("src/ui/tokens.css", "utf8");

function tokensAfter(selector: string): string[] {
  const start = css.indexOf(`${selector} {`);
  expect(start).toBeGreaterThan(0);
  const block = css.slice(start, css.indexOf("}", start));
  return block.match(/--nz-[\w-]+:[^;]+;/g) ?? [];
}

test("the dark theme by the system and by choice is the same", () => {
  const bySystem = tokensAfter(':root:not([data-theme="light"])');
  expect(bySystem.length).toBeGreaterThan(30);
  expect(tokensAfter(':root[data-theme="dark"]')).toEqual(bySystem);
});
