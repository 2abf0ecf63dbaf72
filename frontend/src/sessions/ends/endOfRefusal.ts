/** Which end page a refusal of the server leads to. */
import { ProblemError } from "../../api/problem";
import type { EndReason } from "../types";

const ENDS: Record<string, EndReason> = {
  session_not_found: { kind: "not_found" },
  session_ended: { kind: "ended", reason: "" },
  session_expired: { kind: "expired" },
  session_full: { kind: "full" },
  session_locked: { kind: "locked" },
  members_only: { kind: "members_only" },
  participant_removed: { kind: "removed" },
  participant_banned: { kind: "banned" },
  media_unavailable: { kind: "media_unavailable" },
};

/** Null: the person can do something about it where they are. */
export function endOfRefusal(error: unknown): EndReason | null {
  return error instanceof ProblemError ? (ENDS[error.code] ?? null) : null;
}

/** Null: nothing final; the call tries again by itself, as while the media are away. */
export function endOfRefusalInCall(error: unknown): EndReason | null {
  if (!(error instanceof ProblemError) || error.code === "media_unavailable") return null;
  // The browser lost what proved who we are: the gate gives a new seat.
  if (error.code === "credential_required") return { kind: "left" };
  return endOfRefusal(error) ?? (isFinal(error) ? { kind: "error" } : null);
}

/** For a refusal that came instead of the page. */
export function endOfRefusedPage({ code }: { code: string }): EndReason {
  return ENDS[code] ?? { kind: "error" };
}

/** For whatever else went wrong where there is no page to stay on. */
export function endOfFailure(error: unknown): EndReason {
  const offline = error instanceof ProblemError && error.code === "offline";
  return { kind: offline ? "offline" : "error" };
}

function isFinal({ status }: ProblemError): boolean {
  return status === 400 || status === 403;
}
