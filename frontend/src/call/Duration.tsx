/** The running time of the session; read on asking, not every second. */

import { useNow } from "../ui/useNow";
import { useCallView } from "./CallContext";
import { writeDuration } from "./duration";

export function Duration() {
  const { state } = useCallView();
  const now = useNow(1_000);
  const startedAt = state.session.started_at ?? state.session.created_at;
  return (
    <span className="nz-call-time" role="timer" aria-live="off">
      {writeDuration(now - Date.parse(startedAt))}
    </span>
  );
}
