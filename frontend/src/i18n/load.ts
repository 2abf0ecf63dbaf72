/** Fetches the catalogues that a part of the page needs, in the page's language only. */
import type { Catalogue } from "./messages";
import { addMessages, currentLanguage, type Language } from "./translate";

export type Area = "common" | "sessions" | "call" | "chat" | "conversation" | "spaces";

const CATALOGUES: Record<Language, Record<Area, () => Promise<{ default: Catalogue }>>> = {
  en: {
    common: () => import("./en/common"),
    sessions: () => import("./en/sessions"),
    call: () => import("./en/call"),
    chat: () => import("./en/chat"),
    conversation: () => import("./en/conversation"),
    spaces: () => import("./en/spaces"),
  },
  ru: {
    common: () => import("./ru/common"),
    sessions: () => import("./ru/sessions"),
    call: () => import("./ru/call"),
    chat: () => import("./ru/chat"),
    conversation: () => import("./ru/conversation"),
    spaces: () => import("./ru/spaces"),
  },
};

export async function loadMessages(...areas: Area[]): Promise<void> {
  const catalogues = CATALOGUES[currentLanguage()];
  const loaded = await Promise.all(areas.map((area) => catalogues[area]()));
  for (const module of loaded) addMessages(module.default);
}
