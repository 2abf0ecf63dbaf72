/** How far one has read the chats of sessions, for the few that one was in lately. */

import type { Position } from "../../api/streams";
import { keep, readKept, storageOf } from "../core/kept";

const KEY = "nonza.chat.seen";
const MOST = 20;
type Entry = Position & { place: string };

export function readSeen(place: string): Position | null {
  return entries().find((entry) => entry.place === place) ?? null;
}

export function keepSeen(place: string, { epoch, offset }: Position): void {
  const others = entries().filter((entry) => entry.place !== place);
  keep(storageOf("localStorage"), KEY, [...others, { place, epoch, offset }].slice(-MOST));
}

function entries(): Entry[] {
  const kept = readKept(storageOf("localStorage"), KEY);
  if (!Array.isArray(kept)) return [];
  return (kept as Partial<Entry>[]).filter(
    (entry): entry is Entry =>
      typeof entry.place === "string" &&
      typeof entry.epoch === "string" &&
      typeof entry.offset === "number",
  );
}
