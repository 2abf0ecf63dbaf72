/** Brings what one was led to into sight, and lets it stand out for a moment. */
import { useEffect, useRef, useState, type RefObject } from "react";

import type { ChatSnapshot } from "../core/types";
import type { Scrolling } from "./useScrolling";

const SHINES = 2_400;

type Ways = Pick<Scrolling, "toRow" | "toEnd"> & { box: RefObject<HTMLElement | null> };

export function useLit(
  { target, items, hasAfter }: ChatSnapshot,
  { toRow, toEnd, box }: Ways,
): string | null {
  const [lit, setLit] = useState<string | null>(null);
  const done = useRef<ChatSnapshot["target"]>(null);
  useEffect(() => {
    // Its messages may come later than the wish.
    if (!target || done.current === target) return;
    const last = items.findLast((item) => item.state === "sent");
    if (last?.state === "sent" && last.message.id === target.id && !hasAfter) {
      // At the end whoever writes goes on writing.
      done.current = target;
      setLit(target.id);
      toEnd();
      return;
    }
    const selector = `[data-message=${JSON.stringify(target.id)}]`;
    if (!toRow(selector)) return;
    done.current = target;
    setLit(target.id);
    const row = box.current?.querySelector<HTMLElement>(`${selector} > article`);
    row?.focus({ preventScroll: true });
  }, [target, items, hasAfter, toRow, toEnd, box]);
  useEffect(() => {
    if (!lit) return;
    const timer = setTimeout(() => setLit(null), SHINES);
    return () => clearTimeout(timer);
  }, [lit]);
  return lit;
}
