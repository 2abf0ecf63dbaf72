/** Brings what one was led to into sight, and lets it stand out for a moment. */
import { useEffect, useRef, useState, type RefObject } from "react";

import type { ChatSnapshot } from "../core/types";

const SHINES = 2_400;

export function useLit(
  { target, items }: ChatSnapshot,
  toRow: (selector: string) => boolean,
  box: RefObject<HTMLElement | null>,
): string | null {
  const [lit, setLit] = useState<string | null>(null);
  const done = useRef<ChatSnapshot["target"]>(null);
  useEffect(() => {
    // Its messages may come later than the wish.
    if (!target || done.current === target) return;
    const selector = `[data-message=${JSON.stringify(target.id)}]`;
    if (!toRow(selector)) return;
    done.current = target;
    setLit(target.id);
    const row = box.current?.querySelector<HTMLElement>(`${selector} > article`);
    row?.focus({ preventScroll: true });
  }, [target, items, toRow, box]);
  useEffect(() => {
    if (!lit) return;
    const timer = setTimeout(() => setLit(null), SHINES);
    return () => clearTimeout(timer);
  }, [lit]);
  return lit;
}
