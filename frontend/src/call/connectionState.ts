/** Which one of the notices about the connection a person has to see. */

import type { CallSnapshot } from "../livekit/types";

export type ConnectionNotice =
  "offline" | "unavailable" | "reconnecting" | "connecting" | "sound_held" | "deafened" | "weak";

/** The most pressing one: what stops the call stands before what only hinders it. */
export function connectionNotice(
  snapshot: Pick<CallSnapshot, "phase" | "soundHeld" | "deafened" | "weak">,
  online: boolean,
): ConnectionNotice | null {
  if (!online) return "offline";
  if (snapshot.phase === "unavailable") return "unavailable";
  if (snapshot.phase === "reconnecting") return "reconnecting";
  if (snapshot.phase === "connecting") return "connecting";
  if (snapshot.soundHeld) return "sound_held";
  if (snapshot.deafened) return "deafened";
  return snapshot.weak ? "weak" : null;
}
