/** Tries again every few seconds while it is on, and counts down to the next try. */
import { useEffect, useEffectEvent, useRef, useState } from "react";

export type Retrying = {
  /** Seconds to the next try; null while one is under way or none is planned. */
  seconds: number | null;
  trying: boolean;
  tryNow: () => void;
};

export function useRetrying(
  attempt: () => Promise<void> | void,
  every: number,
  on: boolean,
): Retrying {
  const [seconds, setSeconds] = useState(every);
  const [trying, setTrying] = useState(false);
  const [round, setRound] = useState(0);
  const busy = useRef(false);

  const tryNow = async () => {
    if (busy.current) return;
    busy.current = true;
    setTrying(true);
    await Promise.resolve(attempt()).catch(() => undefined);
    busy.current = false;
    setTrying(false);
    setRound((count) => count + 1);
  };
  const due = useEffectEvent(() => void tryNow());

  useEffect(() => {
    if (!on || trying) return;
    // By the clock: a tab in the background is woken less often than once a second.
    const dueAt = Date.now() + every * 1000;
    const count = () => {
      const left = Math.ceil((dueAt - Date.now()) / 1000);
      setSeconds(Math.max(0, left));
      if (left <= 0) due();
    };
    const timer = setInterval(count, 1000);
    return () => {
      clearInterval(timer);
      setSeconds(every);
    };
  }, [on, trying, every, round]);

  return { seconds: on && !trying ? seconds : null, trying, tryNow: () => void tryNow() };
}
