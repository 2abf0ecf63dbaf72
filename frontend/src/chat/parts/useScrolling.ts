/**
 * Keeps what one reads where it is, while messages come above and below it: at the end the list
 * follows the end, anywhere else the uppermost message in sight stays where it stands.
 */
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type RefObject,
} from "react";

import type { ChatSnapshot, ChatSource } from "../core/types";

/** As close to the end as counts for being there. */
const NEAR = 48;
/** More is loaded before one arrives at the edge. */
const AHEAD = 800;
/** Where the line "New" and what one jumped to come to stand, from the top. */
const ROOM_ABOVE = 96;

type Anchor = { key: string; top: number };

export type Scrolling = {
  /** At the latest message, and following it. */
  atEnd: boolean;
  toEnd: () => void;
  /** Brings a row to the upper part; false: it is not there. */
  toRow: (selector: string) => boolean;
};

/** `box`: what scrolls; its first child holds the rows. */
export function useScrolling(
  box: RefObject<HTMLElement | null>,
  source: ChatSource,
  snapshot: ChatSnapshot,
): Scrolling {
  const [atEnd, setAtEnd] = useState(true);
  const follows = useRef(true);
  const anchor = useRef<Anchor | null>(null);
  const arrived = useRef(false);
  const { items, loading, hasBefore, hasAfter } = snapshot;

  /** Remembers what one looks at. */
  const look = useCallback(() => {
    const view = box.current;
    if (!view) return;
    const end = view.scrollHeight - view.scrollTop - view.clientHeight;
    follows.current = end < NEAR && !source.getSnapshot().hasAfter;
    setAtEnd(follows.current);
    anchor.current = uppermost(view);
  }, [box, source]);

  /** Puts what one looks at where it was. */
  const hold = useCallback(() => {
    const view = box.current;
    if (!view) return;
    const kept = anchor.current;
    if (follows.current) view.scrollTop = view.scrollHeight;
    else if (kept) {
      const row = rowOf(view, kept.key);
      if (row) view.scrollTop += topIn(view, row) - kept.top;
    }
    anchor.current = uppermost(view);
  }, [box]);

  const loadMore = useCallback(() => {
    const view = box.current;
    const now = source.getSnapshot();
    if (!view || !arrived.current || now.loading !== null || now.failed) return;
    const after = view.scrollHeight - view.scrollTop - view.clientHeight;
    if (now.hasBefore && view.scrollTop < AHEAD) void source.loadBefore().catch(() => undefined);
    else if (now.hasAfter && after < AHEAD) void source.loadAfter().catch(() => undefined);
  }, [box, source]);

  const toRow = useCallback(
    (selector: string) => {
      const view = box.current;
      const row = view?.querySelector<HTMLElement>(selector);
      if (!view || !row) return false;
      follows.current = false;
      view.scrollTop += topIn(view, row) - Math.min(ROOM_ABOVE, view.clientHeight / 4);
      look();
      return true;
    },
    [box, look],
  );

  const toEnd = useCallback(() => {
    follows.current = true;
    setAtEnd(true);
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [box]);

  useLayoutEffect(() => {
    if (!arrived.current && items.length > 0) {
      arrived.current = true;
      if (!toRow("[data-new]")) hold();
    } else hold();
    look();
    loadMore();
  }, [items, loading, hasBefore, hasAfter, hold, look, loadMore, toRow]);

  useEffect(() => {
    const view = box.current;
    const rows = view?.firstElementChild;
    if (!view || !rows || typeof ResizeObserver === "undefined") return;
    const watch = new ResizeObserver(hold);
    watch.observe(view);
    watch.observe(rows);
    return () => watch.disconnect();
  }, [box, hold]);

  useEffect(() => {
    const view = box.current;
    if (!view) return;
    const scrolled = () => {
      look();
      loadMore();
    };
    view.addEventListener("scroll", scrolled, { passive: true });
    return () => view.removeEventListener("scroll", scrolled);
  }, [box, look, loadMore]);

  return useMemo(() => ({ atEnd, toEnd, toRow }), [atEnd, toEnd, toRow]);
}

function topIn(view: HTMLElement, row: Element): number {
  return row.getBoundingClientRect().top - view.getBoundingClientRect().top;
}

/** The first message of which something is in sight. */
function uppermost(view: HTMLElement): Anchor | null {
  const rows = view.querySelectorAll<HTMLElement>("[data-message]");
  const edge = view.getBoundingClientRect().top;
  let low = 0;
  let high = rows.length;
  // They stand in order: of a thousand only ten are measured.
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.getBoundingClientRect().bottom ?? 0) > edge) high = middle;
    else low = middle + 1;
  }
  const row = rows[low];
  return row ? { key: row.dataset.message ?? "", top: topIn(view, row) } : null;
}

function rowOf(view: HTMLElement, key: string): Element | null {
  return view.querySelector(`[data-message=${JSON.stringify(key)}]`);
}
