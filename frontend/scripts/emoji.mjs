/**
 * Writes the emoji of the picker, with their words in both languages, out of emojibase-data. The
 * package is large and seldom needed, so it is no dependency:
 * `npm install --no-save emojibase-data@17.0.0 && npm run emoji`.
 */
import { readFileSync, writeFileSync } from "node:fs";

const GROUPS = [
  ["smileys", [0]],
  ["people", [1]],
  ["nature", [3]],
  ["food", [4]],
  ["travel", [5]],
  ["activities", [6]],
  ["objects", [7]],
  ["symbols", [8]],
  ["flags", [9]],
];
/** Newer ones are empty squares on devices that are a few years old. */
const NEWEST = 15;

const source = new URL("../node_modules/emojibase-data/", import.meta.url);
const read = (path) => JSON.parse(readFileSync(new URL(path, source), "utf8"));
const versions = new Map(read("en/data.json").map(({ hexcode, version }) => [hexcode, version]));

for (const language of ["en", "ru"]) {
  const all = read(`${language}/compact.json`)
    .filter(({ group, hexcode }) => group !== undefined && versions.get(hexcode) <= NEWEST)
    .sort((one, other) => one.order - other.order);
  const groups = GROUPS.map(([name, numbers]) => [
    name,
    all.filter(({ group }) => numbers.includes(group)).map(lineOf),
  ]);
  const lines = groups.map(
    ([name, lines]) => `  ${JSON.stringify(name)}: ${JSON.stringify(lines)}`,
  );
  const address = new URL(`../src/chat/emoji/${language}.json`, import.meta.url);
  writeFileSync(address, `{\n${lines.join(",\n")}\n}\n`);
}

/** "👍️|thumbs up|+1 good yes": sign, name, further words to find it by. */
function lineOf({ unicode, label, tags = [] }) {
  const known = new Set(label.toLowerCase().split(/\s+/u));
  const words = tags.flatMap((tag) => tag.toLowerCase().split(/\s+/u));
  const further = [...new Set(words)].filter((word) => !known.has(word));
  return [unicode, label, further.join(" ")].join("|");
}
