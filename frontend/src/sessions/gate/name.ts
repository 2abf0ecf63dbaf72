/** A person's name as others will see it. */

const MOST_CHARACTERS = 64;
const MOST_BYTES = 256;
// Control characters, and those that turn the direction of what follows.
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

export type NameProblem = "blank" | "too_long";

export function cleanName(typed: string): string {
  return typed.normalize("NFC").replace(UNSEEN, "").trim();
}

/** The same bounds as the server's; null if the name will do. */
export function nameProblem(name: string): NameProblem | null {
  if (name === "") return "blank";
  const characters = Array.from(name).length;
  const bytes = new TextEncoder().encode(name).length;
  return characters > MOST_CHARACTERS || bytes > MOST_BYTES ? "too_long" : null;
}
