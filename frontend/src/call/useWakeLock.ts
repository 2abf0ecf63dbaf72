/** Keeps the screen lit during the call, where the browser lets us. */

import { useEffect } from "react";

export function useWakeLock(): void {
  useEffect(() => {
    const wakeLock = (navigator as Partial<Navigator>).wakeLock;
    let lock: WakeLockSentinel | null = null;
    let over = false;
    const take = () => {
      if (!wakeLock || document.visibilityState !== "visible") return;
      wakeLock
        .request("screen")
        .then((taken) => {
          lock = taken;
          if (over) void taken.release();
        })
        .catch(() => undefined);
    };
    take();
    document.addEventListener("visibilitychange", take);
    return () => {
      over = true;
      document.removeEventListener("visibilitychange", take);
      void lock?.release();
    };
  }, []);
}
