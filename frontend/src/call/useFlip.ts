/** Lets a tile glide to its new place (first, last, invert, play). */

import { useLayoutEffect, useRef } from "react";
import type { RefObject } from "react";
import type { Rect } from "./tileLayout";

export function useFlip(element: RefObject<HTMLElement | null>, rect: Rect, glide: boolean): void {
  const before = useRef<Rect | null>(null);
  const { x, y, width, height } = rect;
  useLayoutEffect(() => {
    const from = before.current;
    before.current = { x, y, width, height };
    const tile = element.current;
    if (!from || !tile || !glide || !mayMove() || isClose(from, { x, y, width, height })) return;
    const scale = `scale(${from.width / width}, ${from.height / height})`;
    const animation = tile.animate(
      [
        {
          transformOrigin: "0 0",
          transform: `translate(${from.x - x}px, ${from.y - y}px) ${scale}`,
        },
        { transformOrigin: "0 0", transform: "none" },
      ],
      { duration: 280, easing: "cubic-bezier(0.2, 0.8, 0.2, 1)" },
    );
    return () => animation.cancel();
  }, [element, glide, x, y, width, height]);
}

function isClose(from: Rect, to: Rect): boolean {
  const moved = Math.abs(from.x - to.x) + Math.abs(from.y - to.y);
  const grown = Math.abs(from.width - to.width) + Math.abs(from.height - to.height);
  return moved + grown < 1;
}

function mayMove(): boolean {
  return !matchMedia("(prefers-reduced-motion: reduce)").matches;
}
