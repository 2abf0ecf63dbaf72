/** Fills a rectangle with tiles, as section 7 of the design says: people first, no black bars. */

export type Size = { width: number; height: number };
export type Rect = { x: number; y: number; width: number; height: number };
export type Shape = { min: number; max: number };

/** Width over height that a tile may have. Narrow stages allow the shapes of a phone. */
export function tileShape(stageWidth: number): Shape {
  return stageWidth < 480 ? { min: 9 / 16, max: 16 / 9 } : { min: 4 / 5, max: 1.9 };
}

/** Deals `count` people to `rows` rows evenly, fewer in the upper rows: 8 in 3 is [2, 3, 3]. */
export function dealRows(count: number, rows: number): number[] {
  const base = Math.floor(count / rows);
  const fuller = count % rows;
  return Array.from({ length: rows }, (_, row) => (row < rows - fuller ? base : base + 1));
}

/**
 * The rectangles of `count` tiles in reading order. Every number of rows is tried; the one whose
 * smallest tile has the largest area wins, and of equals the one with fewer rows.
 */
export function fillTiles(count: number, stage: Size, gap: number, shape: Shape): Rect[] {
  let best: Rect[] = [];
  let bestArea = 0;
  for (let rows = 1; rows <= count; rows += 1) {
    const tiles = placeRows(dealRows(count, rows), stage, gap, shape);
    const area = Math.min(...tiles.map((tile) => tile.width * tile.height));
    if (area > bestArea * 1.0001) {
      best = tiles;
      bestArea = area;
    }
  }
  return best;
}

/** How many tiles each row holds; what the table of the design shows as 1+2+2. */
export function rowsOf(tiles: Rect[]): number[] {
  const middles = new Map<number, number>();
  for (const tile of tiles) {
    const middle = Math.round(tile.y + tile.height / 2);
    middles.set(middle, (middles.get(middle) ?? 0) + 1);
  }
  return [...middles.values()];
}

/** The rectangles of tiles dealt to rows in a given way, in reading order. */
export function placeRows(rows: number[], stage: Size, gap: number, shape: Shape): Rect[] {
  const rowHeight = (stage.height - gap * (rows.length - 1)) / rows.length;
  if (rowHeight <= 0) return rows.flatMap((columns) => Array<Rect>(columns).fill(NOTHING));
  return rows.flatMap((columns, row) => {
    const cellWidth = (stage.width - gap * (columns - 1)) / columns;
    const tile = fitShape({ width: cellWidth, height: rowHeight }, shape);
    const left = (stage.width - tile.width * columns - gap * (columns - 1)) / 2;
    const top = row * (rowHeight + gap) + (rowHeight - tile.height) / 2;
    return Array.from({ length: columns }, (_, column) => ({
      x: left + column * (tile.width + gap),
      y: top,
      ...tile,
    }));
  });
}

const NOTHING: Rect = { x: 0, y: 0, width: 0, height: 0 };

/** The largest rectangle of an allowed shape within a cell. */
export function fitShape(cell: Size, shape: Shape): Size {
  const width = Math.max(cell.width, 0);
  const height = Math.max(cell.height, 0);
  if (width > height * shape.max) return { width: height * shape.max, height };
  if (width < height * shape.min) return { width, height: width / shape.min };
  return { width, height };
}
