/** A finger that rests on something for half a second, without moving away. */
import { useEffect, useRef, type PointerEvent } from "react";

const RESTS = 450;
const MOVES = 10;

type Press = { timer: ReturnType<typeof setTimeout>; x: number; y: number };

export function useLongPress(onPress: () => void) {
  const press = useRef<Press | null>(null);
  const stop = () => {
    clearTimeout(press.current?.timer);
    press.current = null;
  };
  useEffect(() => () => clearTimeout(press.current?.timer), []);
  return {
    onPointerDown: (event: PointerEvent) => {
      stop();
      if (event.pointerType !== "touch" || !event.isPrimary) return;
      const timer = setTimeout(() => {
        press.current = null;
        swallowClick();
        onPress();
      }, RESTS);
      press.current = { timer, x: event.clientX, y: event.clientY };
    },
    onPointerMove: (event: PointerEvent) => {
      const at = press.current;
      if (at && Math.hypot(event.clientX - at.x, event.clientY - at.y) > MOVES) stop();
    },
    onPointerUp: stop,
    onPointerCancel: stop,
  };
}

/** The finger is still to leave; what has opened under it must not take that for a press. */
function swallowClick(): void {
  const done = new AbortController();
  const options = { capture: true, once: true, signal: done.signal };
  const swallow = (event: Event) => {
    event.preventDefault();
    event.stopPropagation();
    done.abort();
  };
  document.addEventListener("click", swallow, options);
  document.addEventListener("contextmenu", (event) => event.preventDefault(), options);
  document.addEventListener("pointerdown", () => done.abort(), options);
}
