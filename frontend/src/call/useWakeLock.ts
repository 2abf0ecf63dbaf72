/** Keeps the screen lit during the call, where the browser lets us. */

import { useEffect } from "react";

export function useWakeLock(): void {
  useEffect(() => {
    const wakeLock = (navigator as Partial<Navigator>).wakeLock;
    let lock: WakeLockSentinel | null = null;
    let asking = false;
    let over = false;
    // The browser takes it back with every look at another tab.
    const take = async () => {
      if (!wakeLock || asking || document.visibilityState !== "visible") return;
      if (lock && !lock.released) return;
      asking = true;
      lock = await wakeLock.request("screen").catch(() => null);
      asking = false;
      if (over) void lock?.release();
    };
    void take();
    const look = () => void take();
    document.addEventListener("visibilitychange", look);
    return () => {
      over = true;
      document.removeEventListener("visibilitychange", look);
      void lock?.release();
    };
  }, []);
}
