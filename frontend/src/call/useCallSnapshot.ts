/** Follows the media of a call. */

import { useSyncExternalStore } from "react";
import type { CallSnapshot, MediaCall } from "../livekit/types";

export function useCallSnapshot(call: MediaCall): CallSnapshot {
  return useSyncExternalStore(call.subscribe, call.getSnapshot);
}
