/** Who has the first place in the speaker layout; it changes at most every two seconds. */

export const FIRST_PLACE_STAYS = 2_000;

export type Spotlight = { id: string | null; since: number };
export type Candidate = { id: string; own: boolean; speaking: boolean; lastSpokeAt: number };

/**
 * The next holder of the first place: who has it keeps it while speaking, and for two seconds in
 * any case; then it goes to whoever speaks, of several to the one who began last.
 */
export function nextSpotlight(
  now: number,
  held: Spotlight,
  people: readonly Candidate[],
): Spotlight {
  const others = people.filter((person) => !person.own);
  const holder = others.find((person) => person.id === held.id);
  if (!holder) {
    const first = latest(others.filter((person) => person.speaking)) ?? latest(others);
    return { id: first?.id ?? null, since: now };
  }
  if (holder.speaking || now - held.since < FIRST_PLACE_STAYS) return held;
  const speaker = latest(others.filter((person) => person.speaking));
  return speaker ? { id: speaker.id, since: now } : held;
}

function latest(people: Candidate[]): Candidate | undefined {
  return people.reduce<Candidate | undefined>(
    (best, person) => (best && best.lastSpokeAt >= person.lastSpokeAt ? best : person),
    undefined,
  );
}
