/** Finds the name that is being written after an "@", and who was meant in the finished words. */

const LONGEST = 40;
/** A name may have spaces in it; an address of e-mail is none. */
const WRITING = /(?:^|[\s([{"«„'])@([^@\n]*)$/u;

export type MentionQuery = {
  /** What stands after the "@". */
  query: string;
  /** Where the "@" is. */
  from: number;
};

export function mentionQuery(text: string, caret: number): MentionQuery | null {
  const found = WRITING.exec(text.slice(0, caret));
  const query = found?.[1];
  if (query === undefined || query.length > LONGEST) return null;
  if (query.startsWith(" ") || query.split(" ").length > 4) return null;
  return { query, from: caret - query.length - 1 };
}

/** The text with the name in the place of what was being written, and where the caret is then. */
export function withMention(
  text: string,
  { from, query }: MentionQuery,
  name: string,
): { text: string; caret: number } {
  const before = text.slice(0, from);
  const after = text.slice(from + 1 + query.length);
  const mention = `@${name}${/^\s/u.test(after) ? "" : " "}`;
  return { text: before + mention + after, caret: before.length + mention.length };
}

/** Of those who were picked the ids of whose names still stand in the words. */
export function mentionedIds(text: string, picked: ReadonlyMap<string, string>): string[] {
  return [...picked].filter(([, name]) => text.includes(`@${name}`)).map(([id]) => id);
}
