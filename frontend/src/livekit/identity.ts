/** Identities are `<participant id>.<random>`: one for every connection of a participant. */

export function participantIdOf(identity: string): string {
  const dot = identity.indexOf(".");
  return dot < 0 ? identity : identity.slice(0, dot);
}
