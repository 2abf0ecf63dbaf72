/** Keeps what a reload of the page needs to come back into the call. */
import { useEffect } from "react";

import type { CallDock } from "./callDock";

const EVERY = 10_000;

export function useRemember(dock: CallDock, inCall: boolean): void {
  useEffect(() => {
    if (!inCall) return;
    const remember = () => dock.remember();
    const timer = setInterval(remember, EVERY);
    addEventListener("pagehide", remember);
    return () => {
      clearInterval(timer);
      removeEventListener("pagehide", remember);
    };
  }, [dock, inCall]);
}
