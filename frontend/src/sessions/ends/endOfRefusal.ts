/** Which end page a refusal of the server leads to. */
import { ProblemError, type Problem } from "../../api/problem";
import type { EndReason } from "../types";

const ENDS: Record<string, EndReason> = {
  session_not_found: { kind: "not_found" },
  session_ended: { kind: "ended", reason: "" },
  session_expired: { kind: "expired" },
  session_full: { kind: "full" },
  session_locked: { kind: "locked" },
  participant_removed: { kind: "removed" },
  participant_banned: { kind: "banned" },
  media_unavailable: { kind: "media_unavailable" },
};

/** Null: the person can do something about it where they are. */
export function endOfRefusal(error: unknown): EndReason | null {
  return error instanceof ProblemError ? (ENDS[error.code] ?? null) : null;
}

/** For a refusal that came instead of the page. */
export function endOfProblem(problem: Problem): EndReason {
  return ENDS[problem.code] ?? { kind: "error", problem };
}

/** For whatever else went wrong where there is no page to stay on. */
export function endOfFailure(error: unknown): EndReason {
  const offline = error instanceof ProblemError && error.code === "offline";
  return { kind: offline ? "offline" : "error" };
}
