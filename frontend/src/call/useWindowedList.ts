/** Of a long list only the rows in sight are drawn. */

import { useLayoutEffect, useState } from "react";
import type { RefObject } from "react";

/** Rows beyond the edges, so that a fast scroll and the next press of Tab find them there. */
const BEYOND = 8;

type Part = { from: number; to: number };

/** Of `count` rows of one height in a list that its parent scrolls, which are to be drawn. */
export function useWindowedList(
  list: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
): Part {
  const [part, setPart] = useState<Part>({ from: 0, to: BEYOND * 4 });
  useLayoutEffect(() => {
    const element = list.current;
    const scroller = element?.parentElement;
    if (!element || !scroller) return;
    const measure = () => {
      const above = scroller.getBoundingClientRect().top - element.getBoundingClientRect().top;
      const first = Math.floor(above / rowHeight) - BEYOND;
      const rows = Math.ceil(scroller.clientHeight / rowHeight) + 2 * BEYOND;
      // In steps: a row more or less is not worth a render.
      const from = Math.max(0, Math.floor(first / 4) * 4);
      const to = Math.max(from, Math.ceil((first + rows) / 4) * 4);
      setPart((old) => (old.from === from && old.to === to ? old : { from, to }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(scroller);
    scroller.addEventListener("scroll", measure, { passive: true });
    return () => {
      observer.disconnect();
      scroller.removeEventListener("scroll", measure);
    };
  }, [list, count, rowHeight]);
  return { from: Math.min(part.from, count), to: Math.min(part.to, count) };
}
