/** Initials of a name: the first and the last word's first letter. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = words[0];
  const last = words.length > 1 ? words.at(-1) : undefined;
  return [first, last].map((word) => firstLetter(word)).join("");
}

function firstLetter(word: string | undefined): string {
  if (word === undefined) return "";
  const letters = new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(word);
  for (const { segment } of letters) {
    if (/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(segment)) return segment.toLocaleUpperCase();
  }
  return "";
}
