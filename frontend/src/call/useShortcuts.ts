/** Listens for the keys of the call while its page is open. */

import { useEffect, useRef } from "react";
import { shortcutOf } from "./shortcuts";
import type { Shortcut } from "./shortcuts";

export type ShortcutActions = Partial<Record<Shortcut, (event: KeyboardEvent) => void>>;

/** `where`: the document of the window whose keys are meant. */
export function useShortcuts(actions: ShortcutActions, where: Document = document): void {
  const current = useRef(actions);
  useEffect(() => {
    current.current = actions;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const shortcut = shortcutOf(event);
      const act = shortcut && current.current[shortcut];
      if (!act) return;
      if (shortcut !== "close") event.preventDefault();
      act(event);
    };
    where.addEventListener("keydown", onKeyDown);
    return () => where.removeEventListener("keydown", onKeyDown);
  }, [where]);
}
