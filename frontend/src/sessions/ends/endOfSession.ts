/** Which end page a session itself leads to, as its row and one's own place in it say. */
import type { EndedReason, Session } from "../../api/types";
import type { EndReason } from "../types";

/** Null: it goes on, and one is not shut out. */
export function endOfSession(session: Session): EndReason | null {
  if (session.status === "ended") return ended(session, session.ended_reason);
  if (session.me?.state === "removed") return { kind: "removed" };
  if (session.me?.state === "banned") return { kind: "banned" };
  return null;
}

/** The end of this session, told by itself or by the news of it. */
export function ended(session: Session, reason: EndedReason): EndReason {
  if (reason === "expired") return { kind: "expired" };
  return { kind: "ended", reason, seconds: lengthOf(session) };
}

function lengthOf({ started_at: began, ended_at: over }: Session): number {
  if (began === null) return 0;
  const until = over === null ? Date.now() : Date.parse(over);
  return Math.max(0, (until - Date.parse(began)) / 1000);
}
