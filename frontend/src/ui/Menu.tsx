/** A menu that a button opens: arrow keys, first letters, Escape; closing gives the focus back. */
import { useCallback, useId, useRef, useState, type ReactElement, type ReactNode } from "react";

import { MenuPopup } from "./MenuPopup";
import type { MenuEntry } from "./menuEntries";
import type { Alignment, Placement } from "./place";

/** To be spread on the button that opens the menu. */
export type MenuTriggerProps = {
  "aria-haspopup": "menu";
  "aria-expanded": boolean;
  "aria-controls": string | undefined;
  onClick: () => void;
};

export type MenuProps = {
  label: string;
  entries: readonly MenuEntry[];
  trigger: (props: MenuTriggerProps) => ReactElement;
  /** Controls above the entries, a volume say; reached by Tab, not by arrows. */
  above?: ReactNode;
  side?: Placement;
  align?: Alignment;
  onOpenChange?: (open: boolean) => void;
};

export function Menu({
  label,
  entries,
  trigger,
  above,
  side = "below",
  align = "end",
  onOpenChange,
}: MenuProps) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLSpanElement>(null);

  const change = useCallback(
    (next: boolean) => {
      setOpen(next);
      onOpenChange?.(next);
    },
    [onOpenChange],
  );
  const close = useCallback(
    (giveFocusBack: boolean) => {
      change(false);
      if (giveFocusBack) anchor.current?.querySelector("button")?.focus();
    },
    [change],
  );

  return (
    <span ref={anchor} className="contents">
      {trigger({
        "aria-haspopup": "menu",
        "aria-expanded": open,
        "aria-controls": open ? id : undefined,
        onClick: () => change(!open),
      })}
      {open && (
        <MenuPopup
          id={id}
          label={label}
          entries={entries}
          above={above}
          anchor={anchor}
          side={side}
          align={align}
          onClose={close}
        />
      )}
    </span>
  );
}
