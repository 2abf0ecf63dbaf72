/** The time, told anew every `every` milliseconds while somebody needs it. */
import { useEffect, useState } from "react";

export function useNow(every: number, needed = true): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!needed) return;
    const tick = () => setNow(Date.now());
    tick();
    const timer = setInterval(tick, every);
    return () => clearInterval(timer);
  }, [every, needed]);
  return now;
}
