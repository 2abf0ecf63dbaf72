import { describe, expect, it } from "vitest";
import { planStage } from "./stagePlan";
import type { StageRequest, StageTile } from "./stagePlan";

const camera = (personId: string, own = false): StageTile => ({
  key: `camera ${personId}`,
  kind: "camera",
  personId,
  own,
});
const screen = (personId: string): StageTile => ({
  key: `screen ${personId}`,
  kind: "screen",
  personId,
  own: false,
});
const people = (count: number) => [
  ...Array.from({ length: count - 1 }, (_, index) => camera(`p${index}`)),
  camera("me", true),
];

function plan(change: Partial<StageRequest>) {
  return planStage({
    stage: { width: 1416, height: 812 },
    phone: false,
    sheetOpen: false,
    cameras: people(5),
    screens: [],
    pinned: [],
    spotlight: null,
    shapes: {},
    page: 0,
    ...change,
  });
}
const PHONE = { stage: { width: 374, height: 712 }, phone: true };
const keys = (tiles: { key: string }[]) => tiles.map((tile) => tile.key.split(" ")[1]);
const large = (tiles: { key: string; size: string }[]) =>
  keys(tiles.filter((tile) => tile.size === "large"));

describe("the grid", () => {
  it("shows everybody, oneself last", () => {
    const { tiles, pages } = plan({});
    expect(keys(tiles)).toEqual(["p0", "p1", "p2", "p3", "me"]);
    expect(pages).toBe(1);
  });

  it("turns pages of 25, and of 8 on a phone", () => {
    expect(plan({ cameras: people(25) })).toMatchObject({ pages: 1 });
    expect(plan({ cameras: people(26) })).toMatchObject({ pages: 2 });
    expect(plan({ ...PHONE, cameras: people(9) })).toMatchObject({ pages: 2 });
  });

  it("closes the first page with oneself", () => {
    const first = plan({ cameras: people(30) });
    expect(keys(first.tiles).at(-1)).toBe("me");
    const second = plan({ cameras: people(30), page: 1 });
    expect(keys(second.tiles)).toEqual(["p24", "p25", "p26", "p27", "p28"]);
  });

  it("stays on the last page when people leave", () => {
    expect(plan({ cameras: people(26), page: 7 })).toMatchObject({ page: 1 });
  });

  it("keeps one row above a phone's sheet", () => {
    const { tiles } = plan({ ...PHONE, stage: { width: 374, height: 227 }, sheetOpen: true });
    expect(tiles).toHaveLength(3);
    expect(new Set(tiles.map((tile) => tile.rect.y)).size).toBe(1);
  });
});

it("leaves the middle to the link while one is alone", () => {
  const { tiles } = plan({ cameras: people(1) });
  expect(tiles).toHaveLength(1);
  expect(tiles[0]?.rect).toEqual({ x: 1176, y: 652, width: 240, height: 160 });
});

describe("the large area", () => {
  it("holds the speaker, the others stand in a strip of 216", () => {
    const { tiles } = plan({ spotlight: "camera p1" });
    expect(large(tiles)).toEqual(["p1"]);
    const strip = tiles.filter((tile) => tile.size === "small");
    expect(keys(strip)).toEqual(["p0", "p2", "p3", "me"]);
    for (const tile of strip) expect(tile.rect).toMatchObject({ x: 1200, width: 216, height: 197 });
  });

  it("holds a shared screen, cut to its own shape", () => {
    const { tiles } = plan({ screens: [screen("p0")], shapes: { "screen p0": 2 } });
    expect(large(tiles)).toEqual(["p0"]);
    expect(tiles[0]?.rect).toEqual({ x: 0, y: 108, width: 1192, height: 596 });
  });

  it("holds what is pinned, several by the rule of the grid, and the screen goes to the strip", () => {
    const { tiles } = plan({
      screens: [screen("p0")],
      pinned: ["camera p2", "camera p1"],
      spotlight: "camera p3",
    });
    expect(large(tiles)).toEqual(["p2", "p1"]);
    expect(tiles[2]).toMatchObject({ key: "screen p0", size: "small" });
  });

  it("forgets pins of people who left", () => {
    const { tiles } = plan({ pinned: ["camera gone"] });
    expect(large(tiles)).toEqual([]);
    expect(tiles).toHaveLength(5);
  });

  it("has no strip for nobody", () => {
    const { tiles } = plan({ cameras: [camera("me", true)], pinned: ["camera me"] });
    expect(tiles).toHaveLength(1);
    expect(tiles[0]?.rect.height).toBe(812);
  });

  it("turns the pages of a strip that is too long, oneself on the first", () => {
    const { tiles, pages, pageSize } = plan({ cameras: people(12), spotlight: "camera p0" });
    expect(pageSize).toBe(6);
    expect(pages).toBe(2);
    expect(keys(tiles)).toEqual(["p0", "p1", "p2", "p3", "p4", "p5", "me"]);
  });

  it("stands above the strip on a phone, two to a row", () => {
    const { tiles } = plan({ ...PHONE, screens: [screen("p0")] });
    const [share, ...strip] = tiles;
    expect(share?.rect).toMatchObject({ x: 0, width: 374 });
    expect(strip).toHaveLength(4);
    expect(new Set(strip.map((tile) => tile.rect.y)).size).toBe(2);
    for (const tile of strip) expect(tile.rect.y).toBeGreaterThan(share?.rect.height ?? 0);
  });

  it("is all there is above a phone's sheet", () => {
    const { tiles } = plan({ ...PHONE, sheetOpen: true, spotlight: "camera p1" });
    expect(keys(tiles)).toEqual(["p1"]);
  });
});

it("places nothing before it has been measured", () => {
  expect(plan({ stage: { width: 0, height: 0 } }).tiles).toEqual([]);
});
