/** Which one picture a small window shows. */

import type { CallPerson } from "../callPeople";

/** The key of a tile: what is pinned, else a shared screen, else who speaks, else oneself. */
export function mainTile(
  people: readonly CallPerson[],
  pinned: readonly string[],
  spotlight: string | null,
): string | null {
  const screens = people.filter(({ own, media }) => media?.sharing && !own);
  const keys = new Set([
    ...people.map(({ id }) => `camera ${id}`),
    ...people.filter(({ media }) => media?.sharing).map(({ id }) => `screen ${id}`),
  ]);
  const wanted = [
    ...pinned,
    ...screens.map(({ id }) => `screen ${id}`),
    `camera ${spotlight ?? ""}`,
    ...people.map(({ id }) => `camera ${id}`),
  ];
  return wanted.find((key) => keys.has(key)) ?? null;
}

export function personOf(
  people: readonly CallPerson[],
  tile: string | null,
): CallPerson | undefined {
  const id = tile?.split(" ")[1];
  return people.find((person) => person.id === id);
}
