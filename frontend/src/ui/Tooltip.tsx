/** Words that appear beside a control under the pointer or with the focus; Escape hides them. */
import { useEffect, useRef, useState, type ReactElement, type ReactNode } from "react";

import type { Placement } from "./place";
import { lower, place, raise } from "./topLayer";

const DELAY = 400;

type TooltipProps = {
  /** Hidden from screen readers: the control carries the same words as its label. */
  words: ReactNode;
  shortcut?: string;
  side?: Placement;
  children: ReactElement;
};

export function Tooltip({ words, shortcut, side = "above", children }: TooltipProps) {
  const [open, setOpen] = useState(false);
  const wait = useRef<number | undefined>(undefined);
  const box = useRef<HTMLSpanElement>(null);
  const bubble = useRef<HTMLSpanElement>(null);

  const show = (after: number) => {
    window.clearTimeout(wait.current);
    wait.current = window.setTimeout(() => setOpen(true), after);
  };
  const hide = () => {
    window.clearTimeout(wait.current);
    setOpen(false);
  };

  useEffect(() => () => window.clearTimeout(wait.current), []);
  useEffect(() => {
    const floating = bubble.current;
    const anchor = box.current?.firstElementChild;
    if (!open || !floating || !anchor) return;
    raise(floating);
    place(floating, anchor, side, "center");
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape") setOpen(false);
    };
    document.addEventListener("keydown", onKey, true);
    return () => {
      document.removeEventListener("keydown", onKey, true);
      lower(floating);
    };
  }, [open, side]);

  return (
    // The span only listens; whoever uses a keyboard reaches the control inside.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <span
      ref={box}
      className="contents"
      onPointerEnter={(event) => {
        if (event.pointerType === "mouse") show(DELAY);
      }}
      onPointerLeave={hide}
      onPointerDown={hide}
      onFocus={(event) => {
        if (event.target.matches(":focus-visible")) show(0);
      }}
      onBlur={hide}
    >
      {children}
      <span
        ref={bubble}
        className="nz-tooltip"
        data-open={open ? "" : undefined}
        aria-hidden="true"
      >
        {words}
        {shortcut !== undefined && <kbd className="nz-key">{shortcut}</kbd>}
      </span>
    </span>
  );
}
