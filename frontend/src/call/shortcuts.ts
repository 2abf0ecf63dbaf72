/** The keys of the call. */

import type { MessageKey } from "../i18n/messages";

export type Shortcut =
  | "microphone"
  | "talk"
  | "camera"
  | "share"
  | "layout"
  | "chat"
  | "people"
  | "pip"
  | "help"
  | "regions"
  | "close";

type ShortcutWords = Extract<MessageKey, `call.key_${string}`>;

export const SHORTCUTS: { keys: string; shortcut: Shortcut; words: ShortcutWords }[] = [
  { keys: "M", shortcut: "microphone", words: "call.key_microphone" },
  { keys: "Space", shortcut: "talk", words: "call.key_talk" },
  { keys: "V", shortcut: "camera", words: "call.key_camera" },
  { keys: "S", shortcut: "share", words: "call.key_share" },
  { keys: "L", shortcut: "layout", words: "call.key_layout" },
  { keys: "T", shortcut: "chat", words: "call.key_chat" },
  { keys: "P", shortcut: "people", words: "call.key_people" },
  { keys: "I", shortcut: "pip", words: "call.key_pip" },
  { keys: "?", shortcut: "help", words: "call.key_help" },
  { keys: "F6", shortcut: "regions", words: "call.key_regions" },
  { keys: "Esc", shortcut: "close", words: "call.key_close" },
];

const BY_CODE: Record<string, Shortcut> = {
  KeyM: "microphone",
  KeyV: "camera",
  KeyS: "share",
  KeyL: "layout",
  KeyT: "chat",
  KeyP: "people",
  KeyI: "pip",
  F6: "regions",
  Escape: "close",
};

/**
 * What a press asks for, if anything. Letters go by their place on the keyboard, so that they work
 * in every layout; nothing is asked while somebody types or holds another key.
 */
export function shortcutOf(event: KeyboardEvent): Shortcut | null {
  if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) {
    return null;
  }
  if (isTyping(event.target)) return null;
  if (event.key === "?") return "help";
  const shortcut = BY_CODE[event.code] ?? BY_CODE[event.key] ?? null;
  return event.shiftKey && shortcut !== "regions" ? null : shortcut;
}

const TYPING =
  'input:not([type="range"], [type="checkbox"], [type="radio"]), textarea, select, [contenteditable]';

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(`${TYPING}, dialog`) !== null;
}
