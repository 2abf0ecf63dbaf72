/** Where something that floats stands, beside what opened it and inside the window. */

const MARGIN = 8;
const GAP = 6;

export type Placement = "above" | "below";
export type Alignment = "start" | "center" | "end";
export type Point = { left: number; top: number };

type Size = { width: number; height: number };
type Box = Size & Point;

/** Prefers the asked side, takes the other if only that one has room. */
export function placeBeside(
  anchor: Box,
  floating: Size,
  view: Size,
  side: Placement,
  align: Alignment,
): Point {
  const above = anchor.top - GAP - floating.height;
  const below = anchor.top + anchor.height + GAP;
  const fitsAbove = above >= MARGIN;
  const fitsBelow = below + floating.height <= view.height - MARGIN;
  const takeAbove = side === "above" ? fitsAbove || !fitsBelow : fitsAbove && !fitsBelow;
  return {
    left: clamp(alignedLeft(anchor, floating, align), view.width - floating.width),
    top: clamp(takeAbove ? above : below, view.height - floating.height),
  };
}

function alignedLeft(anchor: Box, floating: Size, align: Alignment): number {
  if (align === "start") return anchor.left;
  if (align === "end") return anchor.left + anchor.width - floating.width;
  return anchor.left + (anchor.width - floating.width) / 2;
}

function clamp(value: number, room: number): number {
  return Math.max(MARGIN, Math.min(value, room - MARGIN));
}
