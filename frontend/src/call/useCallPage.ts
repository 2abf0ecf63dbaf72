/** Fetches the code of the call: while the person is at the gate, or as soon as it is needed. */
import { useEffect, useState, type ComponentType } from "react";

import { loadMessages } from "../i18n/load";
import type { CallPageProps } from "../sessions/types";

/** Milliseconds in which the gate has the network for itself. */
const PREFETCH_AFTER = 1000;

async function loadCall(): Promise<ComponentType<CallPageProps>> {
  const [page] = await Promise.all([import("./CallPage"), loadMessages("call")]);
  return page.default;
}

/**
 * The page of the call, null until it is there. Not a lazy component in a Suspense: that shows its
 * fallback for 300 ms at least, also when the code has been there for long.
 */
export function useCallPage(
  at: "gate" | "call" | "end",
  onFailure: () => void,
): ComponentType<CallPageProps> | null {
  const [page, setPage] = useState<{ CallPage: ComponentType<CallPageProps> } | null>(null);
  const needed = at === "call";
  const wanted = page === null && at !== "end";
  useEffect(() => {
    if (!wanted) return;
    let left = false;
    const load = () => {
      loadCall().then(
        (CallPage) => {
          if (!left) setPage({ CallPage });
        },
        () => {
          // At the gate it is tried again when it is needed.
          if (!left && needed) onFailure();
        },
      );
    };
    const timer = setTimeout(load, needed ? 0 : PREFETCH_AFTER);
    return () => {
      left = true;
      clearTimeout(timer);
    };
    // Only what it says at the moment of the failure counts.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [wanted, needed]);
  return page?.CallPage ?? null;
}
