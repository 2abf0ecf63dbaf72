/** Why a device did not open, in the four kinds that a person can do something about. */

import type { DeviceTrouble } from "./types";

const KINDS: Record<string, DeviceTrouble> = {
  NotAllowedError: "blocked",
  PermissionDeniedError: "blocked",
  SecurityError: "blocked",
  NotFoundError: "missing",
  DevicesNotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  TrackStartError: "busy",
  AbortError: "busy",
};

export function deviceTrouble(error: unknown): DeviceTrouble {
  return (error instanceof Error && KINDS[error.name]) || "failed";
}
