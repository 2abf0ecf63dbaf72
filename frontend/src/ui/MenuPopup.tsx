/** The open part of a menu. */
import {
  useEffect,
  useLayoutEffect,
  useRef,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
} from "react";

import { groupsOf, isChoice, type MenuEntry } from "./menuEntries";
import { MenuGroup } from "./MenuGroup";
import { nextIndex, type Typed } from "./menuKeys";
import type { Alignment, Placement } from "./place";
import { lower, place, raise } from "./topLayer";

export type MenuPopupProps = {
  id: string;
  label: string;
  entries: readonly MenuEntry[];
  above?: ReactNode;
  anchor: RefObject<HTMLElement | null>;
  side: Placement;
  align: Alignment;
  onClose: (giveFocusBack: boolean) => void;
};

export function MenuPopup(props: MenuPopupProps) {
  const { id, label, entries, above, anchor, side, align, onClose } = props;
  const box = useRef<HTMLDivElement>(null);
  const typed = useRef<Typed>({ letters: "", at: 0 });
  const labels = entries.filter(isChoice).map((choice) => choice.label);

  const items = () => [...(box.current?.querySelectorAll<HTMLElement>("[data-menu-item]") ?? [])];

  useLayoutEffect(() => {
    const floating = box.current;
    const button = anchor.current?.querySelector("button");
    if (!floating || !button) return;
    raise(floating);
    const put = () => place(floating, button, side, align);
    put();
    const chosen = floating.querySelector<HTMLElement>('[aria-checked="true"][role$="radio"]');
    (chosen ?? floating.querySelector<HTMLElement>("[data-menu-item]"))?.focus();
    window.addEventListener("resize", put);
    return () => {
      window.removeEventListener("resize", put);
      lower(floating);
    };
  }, [anchor, side, align]);

  useEffect(() => {
    const outside = (event: PointerEvent) => {
      const at = event.target as Node;
      if (!box.current?.contains(at) && !anchor.current?.contains(at)) onClose(false);
    };
    document.addEventListener("pointerdown", outside, true);
    return () => document.removeEventListener("pointerdown", outside, true);
  }, [anchor, onClose]);

  const onKeyDown = (event: KeyboardEvent) => {
    // Keys of the page (M, V, P…) sleep while a menu is open.
    event.stopPropagation();
    if (event.key === "Escape") {
      event.preventDefault();
      onClose(true);
      return;
    }
    const list = items();
    const current = list.indexOf(document.activeElement as HTMLElement);
    const typing = event.ctrlKey || event.metaKey || event.altKey;
    if (event.key === "Tab" && !above) {
      onClose(true);
      return;
    }
    if (typing || (current < 0 && event.target !== box.current)) return;
    const next = nextIndex(event.key, current, labels, typed.current, event.timeStamp);
    if (next === null) return;
    event.preventDefault();
    list[next]?.focus();
  };

  const onBlur = (event: { relatedTarget: EventTarget | null }) => {
    const to = event.relatedTarget as Node | null;
    if (to && !box.current?.contains(to) && !anchor.current?.contains(to)) onClose(false);
  };

  return (
    // Keys are handled for the whole popup, wherever the focus is in it.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div ref={box} className="nz-menu" tabIndex={-1} onKeyDown={onKeyDown} onBlur={onBlur}>
      {above !== undefined && <div className="nz-menu-above">{above}</div>}
      {above !== undefined && <hr className="nz-menu-rule" />}
      <div role="menu" id={id} aria-label={label}>
        {groupsOf(entries).map((group, index) => (
          <MenuGroup
            key={group.label ?? index}
            group={group}
            first={index === 0}
            onClose={onClose}
          />
        ))}
      </div>
    </div>
  );
}
