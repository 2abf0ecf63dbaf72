/** When the key that one holds to talk is free to be held, and when it belongs to something else. */

import type { TalkKey } from "../sessions/types";

const TYPING =
  'input:not([type="range"], [type="checkbox"], [type="radio"]), textarea, select, [contenteditable]';

export type TalkPress = Pick<
  KeyboardEvent,
  "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "defaultPrevented" | "target"
>;

/**
 * Space also presses buttons and scrolls. So it talks unless somebody types, a dialog or a menu is
 * open, or the keyboard itself was used to reach a control: what was only clicked on before, the
 * microphone's own key above all, does not keep it.
 */
export function isTalkPress(press: TalkPress, key: TalkKey, reachedByKeyboard: boolean): boolean {
  if (press.code !== key || press.defaultPrevented) return false;
  if (press.ctrlKey || press.metaKey || press.altKey || press.shiftKey) return false;
  const target = press.target as HTMLElement | null;
  // The page itself, or its body's owner: nothing has the focus.
  if (!target || !("closest" in target)) return true;
  if (target.closest(`${TYPING}, dialog, .nz-menu`)) return false;
  return key !== "Space" || !reachedByKeyboard || target.tabIndex < 0;
}
