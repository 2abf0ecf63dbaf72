/** Copies the icons that Django templates use out of lucide-static: `npm run icons`. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const ICONS = [
  "arrow-down",
  "arrow-left",
  "arrow-right",
  "arrow-up",
  "at-sign",
  "ban",
  "bell",
  "bell-off",
  "chart-column",
  "check",
  "chevron-down",
  "chevron-left",
  "chevron-right",
  "chevrons-up-down",
  "circle-alert",
  "circle-user-round",
  "clock",
  "copy",
  "crown",
  "door-closed",
  "door-open",
  "download",
  "ellipsis",
  "grip-vertical",
  "hash",
  "history",
  "info",
  "layout-grid",
  "link",
  "list-checks",
  "loader-circle",
  "log-in",
  "log-out",
  "menu",
  "mic",
  "mic-off",
  "pencil",
  "plus",
  "search",
  "settings",
  "sliders-horizontal",
  "trash-2",
  "triangle-alert",
  "user-minus",
  "user-plus",
  "users-round",
  "video",
  "volume-2",
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
