/** Which end page tells a person why the call is over for them. */

import { ProblemError } from "../api/problem";
import type { EndedReason, Session } from "../api/types";
import type { EndReason } from "../sessions/types";

/** null: nothing final, try again. */
export function endOfProblem(error: unknown): EndReason | null {
  if (!(error instanceof ProblemError)) return null;
  switch (error.code) {
    case "session_ended":
      return { kind: "ended", reason: "" };
    case "session_expired":
      return { kind: "expired" };
    case "session_not_found":
      return { kind: "not_found" };
    case "credential_required":
      return { kind: "left" };
    case "session_full":
      return { kind: "full" };
    case "session_locked":
      return { kind: "locked" };
    case "participant_removed":
      return { kind: "removed" };
    case "participant_banned":
      return { kind: "banned" };
    default:
      return isFinal(error) ? { kind: "error", problem: toProblem(error) } : null;
  }
}

function isFinal({ status }: ProblemError): boolean {
  return status === 400 || status === 403;
}

export function endOfSession(session: Session): EndReason | null {
  if (session.status === "ended") return ended(session.ended_reason);
  if (session.me?.state === "removed") return { kind: "removed" };
  if (session.me?.state === "banned") return { kind: "banned" };
  // The browser lost what proved who we are: the gate gives a new seat.
  return session.me === null ? { kind: "left" } : null;
}

export function ended(reason: EndedReason): EndReason {
  return reason === "expired" ? { kind: "expired" } : { kind: "ended", reason };
}

function toProblem({ code, status, title, detail, errors }: ProblemError) {
  return { code, status, title, detail, errors };
}
