/** The emoji of the picker, in groups, with the words of the page's language to find them by. */
import { currentLanguage } from "../../i18n/translate";

export type Emoji = { sign: string; name: string; words: string };
export type EmojiGroup = { id: GroupId; emoji: readonly Emoji[] };
export type GroupId =
  | "recent"
  | "found"
  | "smileys"
  | "people"
  | "nature"
  | "food"
  | "travel"
  | "activities"
  | "objects"
  | "symbols"
  | "flags";

type Lines = Record<string, string[]>;

const FILES = {
  en: () => import("./en.json") as Promise<{ default: Lines }>,
  ru: () => import("./ru.json") as Promise<{ default: Lines }>,
};
const MOST_FOUND = 80;
let loaded: Promise<EmojiGroup[]> | null = null;

export function loadEmoji(): Promise<EmojiGroup[]> {
  loaded ??= FILES[currentLanguage()]().then(
    ({ default: lines }) => groupsOf(lines),
    (error: unknown) => {
      loaded = null;
      throw error;
    },
  );
  return loaded;
}

export function groupsOf(lines: Lines): EmojiGroup[] {
  return Object.entries(lines).map(([id, all]) => ({
    id: id as GroupId,
    emoji: all.map((line) => {
      const [sign = "", name = "", more = ""] = line.split("|");
      return { sign, name, words: ` ${name} ${more}`.toLowerCase() };
    }),
  }));
}

/** Those of which every word that is asked for begins a word of theirs; by name first. */
export function findEmoji(groups: readonly EmojiGroup[], query: string): Emoji[] {
  const asked = query.trim().toLowerCase().split(/\s+/u).filter(Boolean);
  if (asked.length === 0) return [];
  const found = groups
    .flatMap(({ emoji }) => emoji)
    .filter(({ sign, words }) =>
      asked.every((word) => words.includes(` ${word}`) || sign === word),
    );
  const byName = (emoji: Emoji) =>
    ` ${emoji.name.toLowerCase()}`.includes(` ${asked[0] ?? ""}`) ? 0 : 1;
  return found.sort((one, other) => byName(one) - byName(other)).slice(0, MOST_FOUND);
}

export function recentOf(groups: readonly EmojiGroup[], recent: readonly string[]): Emoji[] {
  const known = new Map(groups.flatMap(({ emoji }) => emoji).map((one) => [one.sign, one]));
  return recent.flatMap((sign) => known.get(sign) ?? []);
}
