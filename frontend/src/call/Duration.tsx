/** The running time of the session; read on asking, not every second. */

import { useCallView } from "./CallContext";
import { useDuration } from "./useDuration";

export function Duration() {
  const { state } = useCallView();
  const duration = useDuration(state.session.started_at ?? state.session.created_at);
  return (
    <span className="nz-call-time" role="timer" aria-live="off">
      {duration}
    </span>
  );
}
