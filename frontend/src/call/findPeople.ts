/** Finds people by a part of their name, whatever its case and accents. */

import type { CallPerson } from "./callPeople";

export function findPeople(people: readonly CallPerson[], words: string): readonly CallPerson[] {
  const wanted = plain(words).split(" ").filter(Boolean);
  if (wanted.length === 0) return people;
  return people.filter(({ name }) => {
    const parts = plain(name);
    return wanted.every((word) => parts.includes(word));
  });
}

function plain(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase()
    .trim();
}
