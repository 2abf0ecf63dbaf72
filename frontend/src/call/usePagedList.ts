/** Shows a long list piece by piece; the next piece comes when its end is scrolled into sight. */

import { useEffect, useRef, useState } from "react";

const PIECE = 50;

export function usePagedList<Item>(items: readonly Item[]) {
  const [count, setCount] = useState(PIECE);
  const end = useRef<HTMLDivElement>(null);
  const rest = Math.max(0, items.length - count);
  const showMore = () => setCount((before) => before + PIECE);
  useEffect(() => {
    const element = end.current;
    if (!element || rest === 0) return;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) setCount((before) => before + PIECE);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [rest]);
  return { shown: items.slice(0, count), rest, end, showMore };
}
