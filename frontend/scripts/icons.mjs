/** Copies the icons that Django templates use out of lucide-static: `npm run icons`. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const ICONS = [
  "arrow-right",
  "check",
  "chevron-down",
  "circle-alert",
  "copy",
  "ellipsis",
  "info",
  "loader-circle",
  "mic",
  "settings",
  "trash-2",
  "triangle-alert",
  "user-minus",
  "x",
];

const target = new URL("../../templates/ui/icons/", import.meta.url);
const source = new URL("../node_modules/lucide-static/icons/", import.meta.url);

mkdirSync(target, { recursive: true });
for (const name of ICONS) {
  const drawing = readFileSync(new URL(`${name}.svg`, source), "utf8");
  // The tag `icon` draws the frame; only what is in it differs.
  const lines = /<svg[^>]*>(.*)<\/svg>/s.exec(drawing)[1].trim().split("\n");
  writeFileSync(new URL(`${name}.svg`, target), lines.map((line) => line.trim()).join("\n") + "\n");
}
