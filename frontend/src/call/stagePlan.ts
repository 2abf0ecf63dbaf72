/** Decides which tile stands where: grid, large area with strip, pages. */

import { dealRows, fillTiles, fitShape, placeRows, tileShape } from "./tileLayout";
import type { Rect, Size } from "./tileLayout";

export type StageTile = {
  /** "camera <participant id>" or "screen <participant id>". */
  key: string;
  kind: "camera" | "screen";
  personId: string;
  own: boolean;
};

export type StageRequest = {
  stage: Size;
  /** A phone's width, and whether a sheet leaves one row of the stage. */
  phone: boolean;
  sheetOpen: boolean;
  /** Cameras in their order, oneself last. */
  cameras: StageTile[];
  screens: StageTile[];
  /** Keys in the order in which they were pinned. */
  pinned: string[];
  /** Key of the camera that has the first place, in the speaker layout. */
  spotlight: string | null;
  /** Width over height of shared screens, by key. */
  shapes: Record<string, number>;
  page: number;
};

export type PlacedTile = StageTile & { rect: Rect; size: "normal" | "large" | "small" };
export type StagePlan = { tiles: PlacedTile[]; page: number; pages: number; pageSize: number };

const STRIP = 216;
const MOST = 25;
const MOST_ON_PHONE = 8;
const MOST_ABOVE_SHEET = 3;
const MOST_BELOW = 6;
const MOST_BELOW_ON_PHONE = 4;
const OWN_WHEN_ALONE = { width: 240, height: 160 };
const OWN_WHEN_ALONE_ON_PHONE = { width: 108, height: 144 };

export function planStage(request: StageRequest): StagePlan {
  const { stage, cameras } = request;
  if (stage.width <= 0 || stage.height <= 0)
    return { tiles: [], page: 0, pages: 1, pageSize: MOST };
  const large = largeTiles(request);
  if (large.length > 0) return planLarge(request, large);
  if (cameras.length === 1 && cameras[0]?.own) return planAlone(request, cameras[0]);
  return planGrid(request);
}

export function gapOf(phone: boolean): number {
  return phone ? 6 : 8;
}

function largeTiles({ cameras, screens, pinned, spotlight }: StageRequest): StageTile[] {
  const all = [...screens, ...cameras];
  const chosen = pinned.flatMap((key) => all.filter((tile) => tile.key === key));
  if (chosen.length > 0) return chosen;
  if (screens.length > 0) return screens;
  return cameras.length > 1 ? cameras.filter((tile) => tile.key === spotlight) : [];
}

function planAlone({ stage, phone }: StageRequest, own: StageTile): StagePlan {
  const size = phone ? OWN_WHEN_ALONE_ON_PHONE : OWN_WHEN_ALONE;
  const rect = { x: stage.width - size.width, y: stage.height - size.height, ...size };
  return { tiles: [{ ...own, rect, size: "small" }], page: 0, pages: 1, pageSize: MOST };
}

function planGrid(request: StageRequest): StagePlan {
  const { stage, phone, sheetOpen, cameras } = request;
  const most = sheetOpen ? MOST_ABOVE_SHEET : phone ? MOST_ON_PHONE : MOST;
  const shown = turnTo(cameras, most, request.page);
  const rects = fillTiles(shown.tiles.length, stage, gapOf(phone), tileShape(stage.width));
  const size = sheetOpen || (phone && shown.tiles.length > 4) ? "small" : "normal";
  return { ...shown, pageSize: most, tiles: place(shown.tiles, rects, size) };
}

function planLarge(request: StageRequest, large: StageTile[]): StagePlan {
  const { cameras, screens } = request;
  const rest = [...screens, ...cameras].filter((tile) => !large.includes(tile));
  if (rest.length === 0 || request.sheetOpen) {
    const tiles = placeLarge(request, large, { x: 0, y: 0, ...request.stage });
    return { tiles, page: 0, pages: 1, pageSize: MOST };
  }
  return isUpright(request) ? stripBelow(request, large, rest) : stripAtSide(request, large, rest);
}

function isUpright({ stage, phone }: StageRequest): boolean {
  return stage.height > stage.width * (phone ? 0.8 : 1);
}

function stripAtSide(request: StageRequest, large: StageTile[], rest: StageTile[]): StagePlan {
  const { stage, phone } = request;
  const gap = gapOf(phone);
  const shape = tileShape(stage.width);
  const width = Math.min(STRIP, stage.width * 0.3);
  const most = Math.max(1, Math.floor((stage.height + gap) / (width / shape.max + gap)));
  const shown = turnTo(rest, most, request.page);
  const rows = shown.tiles.length;
  const cell = { width, height: (stage.height - gap * (rows - 1)) / rows };
  const height = Math.min(cell.height, width / shape.min);
  const top = (stage.height - height * rows - gap * (rows - 1)) / 2;
  const rects = shown.tiles.map((_, row) => ({
    x: stage.width - width,
    y: top + row * (height + gap),
    width,
    height,
  }));
  const area = { x: 0, y: 0, width: stage.width - width - gap, height: stage.height };
  return {
    ...shown,
    pageSize: most,
    tiles: [...placeLarge(request, large, area), ...place(shown.tiles, rects, "small")],
  };
}

/** On a phone two to a row, on a larger upright stage as many as fill the rest best. */
function stripBelow(request: StageRequest, large: StageTile[], rest: StageTile[]): StagePlan {
  const { stage, phone } = request;
  const gap = gapOf(phone);
  const shape = tileShape(stage.width);
  const most = phone ? MOST_BELOW_ON_PHONE : MOST_BELOW;
  const shown = turnTo(rest, most, request.page);
  const count = shown.tiles.length;
  const area = { x: 0, y: 0, width: stage.width, height: largeHeight(request, large) };
  const below = { width: stage.width, height: stage.height - area.height - gap };
  const rects = phone
    ? placeRows(dealRows(count, Math.ceil(count / 2)), below, gap, shape)
    : fillTiles(count, below, gap, shape);
  const lowered = rects.map((rect) => ({ ...rect, y: rect.y + area.height + gap }));
  return {
    ...shown,
    pageSize: most,
    tiles: [...placeLarge(request, large, area), ...place(shown.tiles, lowered, "small")],
  };
}

/** A shared screen takes the height of its picture, people more than half of the stage. */
function largeHeight({ stage, shapes }: StageRequest, large: StageTile[]): number {
  const [only] = large;
  const share = large.length === 1 && only?.kind === "screen";
  const wanted = share ? stage.width / (shapes[only.key] ?? 16 / 9) : stage.height * 0.56;
  return Math.min(wanted, stage.height * 0.56);
}

function placeLarge({ stage, phone, shapes }: StageRequest, large: StageTile[], area: Rect) {
  const rects = fillTiles(large.length, area, gapOf(phone), tileShape(stage.width));
  return place(large, rects, "large").map((tile) => {
    const rect = { ...tile.rect, x: tile.rect.x + area.x, y: tile.rect.y + area.y };
    if (tile.kind === "camera") return { ...tile, rect };
    const cell = large.length === 1 ? area : rect;
    return { ...tile, rect: fitPicture(cell, shapes[tile.key] ?? 16 / 9) };
  });
}

/** A screen keeps its own shape: the frame is cut to the picture. */
function fitPicture(cell: Rect, shape: number): Rect {
  const size = fitShape(cell, { min: shape, max: shape });
  const x = cell.x + (cell.width - size.width) / 2;
  const y = cell.y + (cell.height - size.height) / 2;
  return { x, y, ...size };
}

function place(tiles: StageTile[], rects: Rect[], size: PlacedTile["size"]): PlacedTile[] {
  return tiles.flatMap((tile, index) => {
    const rect = rects[index];
    return rect ? [{ ...tile, rect, size }] : [];
  });
}

/** One page of tiles. One's own tile closes the first page, so that one always finds oneself. */
function turnTo(tiles: StageTile[], most: number, wanted: number) {
  const pages = Math.max(1, Math.ceil(tiles.length / most));
  const page = Math.min(Math.max(wanted, 0), pages - 1);
  const last = tiles.at(-1);
  const ordered =
    pages > 1 && last?.own
      ? [...tiles.slice(0, most - 1), last, ...tiles.slice(most - 1, -1)]
      : tiles;
  return { page, pages, tiles: ordered.slice(page * most, (page + 1) * most) };
}
