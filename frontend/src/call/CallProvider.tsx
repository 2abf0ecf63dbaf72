/** Hands the call to its parts: all of it, and apart from it what seldom changes. */

import { useMemo } from "react";
import type { ReactNode } from "react";
import { CallContext, SteadyContext } from "./CallContext";
import type { CallView } from "./CallContext";

export function CallProvider({ view, children }: { view: CallView; children: ReactNode }) {
  const { call, settings, pinned, togglePin } = view;
  const steady = useMemo(
    () => ({ call, settings, pinned, togglePin }),
    [call, settings, pinned, togglePin],
  );
  return (
    <SteadyContext value={steady}>
      <CallContext value={view}>{children}</CallContext>
    </SteadyContext>
  );
}
