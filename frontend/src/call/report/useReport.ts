/** Reads the media's report again and again while it is shown, and what changed from one to the next. */

import { useEffect, useState } from "react";
import type { MediaCall, MediaReport } from "../../livekit/types";
import { ratesBetween } from "./rates";
import type { Rates } from "./rates";

const EVERY = 2_000;

export type LiveReport = { report: MediaReport; rates: ReadonlyMap<string, Rates> };

export function useReport(call: MediaCall): LiveReport | null {
  const [live, setLive] = useState<LiveReport | null>(null);
  useEffect(() => {
    let shown = true;
    const look = async () => {
      const report = await call.readReport();
      if (!shown) return;
      setLive((before) => ({ report, rates: ratesBetween(before?.report ?? null, report) }));
    };
    void look();
    const timer = setInterval(() => void look(), EVERY);
    return () => {
      shown = false;
      clearInterval(timer);
    };
  }, [call]);
  return live;
}
