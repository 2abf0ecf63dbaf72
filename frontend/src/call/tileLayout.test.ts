import { describe, expect, it } from "vitest";
import { dealRows, fillTiles, rowsOf, tileShape } from "./tileLayout";

const DESKTOP = { width: 1416, height: 812 };
const PANEL = { width: 1036, height: 812 };
const PHONE = { width: 374, height: 712 };

const rows = (count: number, stage: { width: number; height: number }, gap: number) =>
  rowsOf(fillTiles(count, stage, gap, tileShape(stage.width))).join("+");

describe("tiles fill the stage as the design's table says", () => {
  it.each([
    [1, "1"],
    [2, "2"],
    [3, "1+2"],
    [4, "2+2"],
    [5, "2+3"],
    [6, "3+3"],
    [7, "3+4"],
    [8, "4+4"],
    [9, "3+3+3"],
    [10, "5+5"],
    [12, "4+4+4"],
    [16, "4+4+4+4"],
    [20, "5+5+5+5"],
    [25, "5+5+5+5+5"],
  ])("%i people on a desktop: %s", (count, expected) => {
    expect(rows(count, DESKTOP, 8)).toBe(expected);
  });

  it.each([
    [1, "1"],
    [2, "2"],
    [3, "1+2"],
    [4, "2+2"],
    [5, "2+3"],
    [6, "3+3"],
    [7, "2+2+3"],
    [8, "2+3+3"],
    [9, "3+3+3"],
    [10, "3+3+4"],
    [12, "4+4+4"],
    [16, "4+4+4+4"],
    [20, "5+5+5+5"],
    [25, "5+5+5+5+5"],
  ])("%i people beside a panel: %s", (count, expected) => {
    expect(rows(count, PANEL, 8)).toBe(expected);
  });

  it.each([
    [1, "1"],
    [2, "1+1"],
    [3, "1+1+1"],
    [4, "2+2"],
    [5, "1+2+2"],
    [6, "2+2+2"],
    [7, "1+2+2+2"],
    [8, "2+2+2+2"],
  ])("%i people on a phone: %s", (count, expected) => {
    expect(rows(count, PHONE, 6)).toBe(expected);
  });
});

describe("fillTiles", () => {
  it("deals people evenly, fewer in the upper rows", () => {
    expect(dealRows(8, 3)).toEqual([2, 3, 3]);
    expect(dealRows(7, 2)).toEqual([3, 4]);
    expect(dealRows(5, 1)).toEqual([5]);
  });

  it("keeps every tile inside the stage and within its shape", () => {
    for (const stage of [
      DESKTOP,
      PANEL,
      PHONE,
      { width: 800, height: 200 },
      { width: 320, height: 90 },
    ]) {
      const shape = tileShape(stage.width);
      for (let count = 1; count <= 25; count += 1) {
        const tiles = fillTiles(count, stage, 8, shape);
        expect(tiles).toHaveLength(count);
        for (const tile of tiles) {
          expect(tile.x).toBeGreaterThanOrEqual(-0.01);
          expect(tile.y).toBeGreaterThanOrEqual(-0.01);
          expect(tile.x + tile.width).toBeLessThanOrEqual(stage.width + 0.01);
          expect(tile.y + tile.height).toBeLessThanOrEqual(stage.height + 0.01);
          expect(tile.width / tile.height).toBeLessThanOrEqual(shape.max + 0.01);
          expect(tile.width / tile.height).toBeGreaterThanOrEqual(shape.min - 0.01);
        }
      }
    }
  });

  it("centres a row whose tiles are too wide for their cell", () => {
    const [tile] = fillTiles(1, { width: 2000, height: 500 }, 8, tileShape(2000));
    expect(tile).toEqual({ x: 525, y: 0, width: 950, height: 500 });
  });

  it("has nothing to place on a stage without room", () => {
    expect(fillTiles(3, { width: 0, height: 0 }, 8, tileShape(0))).toEqual([]);
  });
});
