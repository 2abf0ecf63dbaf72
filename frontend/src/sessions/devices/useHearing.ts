/** Whether anything comes from the microphone: heard once is heard, five quiet seconds are silence. */
import { useEffect, useState } from "react";

export type Hearing = "waiting" | "heard" | "silent";

const AUDIBLE = 0.2;
const PATIENCE = 5000;

export function useHearing(track: MediaStreamTrack | null, level: number | null): Hearing {
  const [hearing, setHearing] = useState<Hearing>("waiting");
  const [before, setBefore] = useState(track);
  const listening = level !== null;

  // Another microphone begins anew.
  if (before !== track) {
    setBefore(track);
    setHearing("waiting");
  }
  if (hearing !== "heard" && (level ?? 0) >= AUDIBLE) setHearing("heard");

  useEffect(() => {
    if (!track || !listening || hearing !== "waiting") return;
    const timer = setTimeout(() => setHearing("silent"), PATIENCE);
    return () => clearTimeout(timer);
  }, [track, listening, hearing]);
  return hearing;
}
