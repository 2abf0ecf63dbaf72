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
  const gone = useRef(false);

  const tryNow = async () => {
    if (trying) return;
    setTrying(true);
    await Promise.resolve(attempt()).catch(() => undefined);
    if (gone.current) return;
    setTrying(false);
    setSeconds(every);
  };
  const tick = useEffectEvent(() => {
    if (seconds > 1) setSeconds(seconds - 1);
    else void tryNow();
  });

  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
    };
  }, []);
  useEffect(() => {
    if (!on || trying) return;
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [on, trying]);

  return { seconds: on && !trying ? seconds : null, trying, tryNow: () => void tryNow() };
}
