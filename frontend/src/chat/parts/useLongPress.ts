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
