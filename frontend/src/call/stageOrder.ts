/** Who stands where among the others: by joining, but who speaks comes into sight. */

export type Standing = {
  id: string;
  joinedAt: number;
  speaking: boolean;
  lastSpokeAt: number;
};

/**
 * The next order of the others (without oneself). Those who were there keep their places, new ones
 * join at the end. A speaker from another page takes the place of the longest silent on the first;
 * inside the first page nobody moves. `firstPage` counts the places for others on it.
 */
export function arrange(
  before: readonly string[],
  others: Standing[],
  firstPage: number,
): string[] {
  const byId = new Map(others.map((person) => [person.id, person]));
  const order = before.filter((id) => byId.has(id));
  const known = new Set(order);
  const fresh = others.filter((person) => !known.has(person.id));
  fresh.sort((a, b) => a.joinedAt - b.joinedAt || a.id.localeCompare(b.id));
  order.push(...fresh.map((person) => person.id));
  for (const person of others) {
    const place = order.indexOf(person.id);
    if (!person.speaking || place < firstPage) continue;
    const silent = longestSilent(order.slice(0, firstPage), byId);
    if (silent === null) break;
    order[place] = order[silent] ?? person.id;
    order[silent] = person.id;
  }
  return order;
}

function longestSilent(page: string[], byId: Map<string, Standing>): number | null {
  let place: number | null = null;
  let since = Infinity;
  page.forEach((id, index) => {
    const person = byId.get(id);
    // Of those who never spoke the last one goes first: the earliest comers stay longest.
    if (person && !person.speaking && person.lastSpokeAt <= since) {
      place = index;
      since = person.lastSpokeAt;
    }
  });
  return place;
}
