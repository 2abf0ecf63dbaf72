/** Measures the stage, and tells a change of the window from one of the page's own making. */

import { useLayoutEffect, useState } from "react";
import type { RefObject } from "react";
import type { Size } from "./tileLayout";

const SETTLED = 150;

export function useStageSize(stage: RefObject<HTMLElement | null>): Size & { glide: boolean } {
  const [size, setSize] = useState({ width: 0, height: 0, glide: false });
  useLayoutEffect(() => {
    const element = stage.current;
    if (!element) return;
    let windowChangedAt = -Infinity;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = element;
      // Tiles that run after a window's edge would never catch it.
      const glide = performance.now() - windowChangedAt > SETTLED;
      setSize((old) =>
        old.width === width && old.height === height ? old : { width, height, glide },
      );
    };
    const remember = () => {
      windowChangedAt = performance.now();
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    addEventListener("resize", remember);
    measure();
    return () => {
      observer.disconnect();
      removeEventListener("resize", remember);
    };
  }, [stage]);
  return size;
}
