/** Where an arrow key leads in the grid of emoji. */

/** The key of the next one; undefined: this key does not walk. */
export function nextEmoji(
  key: string,
  grid: HTMLElement,
  current: string | null,
): string | null | undefined {
  const all = [...grid.querySelectorAll<HTMLElement>("[data-key]")];
  const at = all.findIndex((one) => one.dataset.key === current);
  const next = placeOf(key, all, at);
  if (next === undefined) return undefined;
  const found = all[next];
  found?.scrollIntoView({ block: "nearest" });
  return found?.dataset.key ?? current;
}

function placeOf(key: string, all: readonly HTMLElement[], at: number): number | undefined {
  if (key === "ArrowDown") return at < 0 ? 0 : beside(all, at, 1);
  if (key === "ArrowUp") return at < 0 ? undefined : beside(all, at, -1);
  // Before one is chosen the field needs them itself.
  if (at < 0) return undefined;
  if (key === "ArrowRight") return Math.min(all.length - 1, at + 1);
  if (key === "ArrowLeft") return Math.max(0, at - 1);
  return undefined;
}

/** The nearest one in the next row up or down; the groups' last rows are short. */
function beside(all: readonly HTMLElement[], at: number, step: 1 | -1): number {
  const from = all[at]?.getBoundingClientRect();
  if (!from) return at;
  let row: number | null = null;
  let best = at;
  let distance = Infinity;
  for (let place = at + step; place >= 0 && place < all.length; place += step) {
    const box = all[place]?.getBoundingClientRect();
    if (!box || box.top === from.top) continue;
    row ??= box.top;
    if (box.top !== row) break;
    const away = Math.abs(box.left - from.left);
    if (away < distance) [best, distance] = [place, away];
  }
  return best;
}
