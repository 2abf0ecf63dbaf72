/** Where the focus goes in a menu for a key: arrows, Home, End, and the first letters of a word. */

const TYPING = 600;

export type Typed = { letters: string; at: number };

/** The index to go to, or null if the key is none of the menu's. */
export function nextIndex(
  key: string,
  current: number,
  labels: readonly string[],
  typed: Typed,
  now: number,
): number | null {
  const last = labels.length - 1;
  if (last < 0) return null;
  if (key === "ArrowDown") return current >= last ? 0 : current + 1;
  if (key === "ArrowUp") return current <= 0 ? last : current - 1;
  if (key === "Home") return 0;
  if (key === "End") return last;
  if (isLetter(key)) return byLetters(key, current, labels, typed, now);
  return null;
}

function byLetters(
  key: string,
  current: number,
  labels: readonly string[],
  typed: Typed,
  now: number,
): number | null {
  const fresh = now - typed.at > TYPING;
  typed.letters = fresh ? key : typed.letters + key;
  typed.at = now;
  const letters = typed.letters.toLocaleLowerCase();
  // A single letter moves on, a longer word may stay where it is.
  const from = isLetter(letters) ? current + 1 : Math.max(0, current);
  for (let step = 0; step < labels.length; step += 1) {
    const index = (from + step) % labels.length;
    if (labels[index]?.toLocaleLowerCase().startsWith(letters)) return index;
  }
  return null;
}

/** Named keys ("Enter", "F6") are longer than one character. */
function isLetter(key: string): boolean {
  return /^\S$/u.test(key);
}
