/** Listens for the keys of the call while its page is open. */

import { useEffect, useRef } from "react";
import { shortcutOf } from "./shortcuts";
import type { Shortcut } from "./shortcuts";

export type ShortcutActions = Partial<Record<Shortcut, (event: KeyboardEvent) => void>>;

export function useShortcuts(actions: ShortcutActions): void {
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
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}
