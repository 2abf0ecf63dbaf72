/** The devices that are there now; their names are known once one of them was allowed. */
import { useCallback, useEffect, useMemo, useState } from "react";

import type { Devices } from "./findDevice";
import { listDevices, mediaDevices, NONE } from "./listDevices";

export type KnownDevices = Devices & { loaded: boolean; refresh: () => void };

export function useDevices(): KnownDevices {
  const [devices, setDevices] = useState({ ...NONE, loaded: false });
  const refresh = useCallback(() => {
    void listDevices().then((now) => setDevices({ ...now, loaded: true }));
  }, []);
  useEffect(() => {
    const media = mediaDevices();
    refresh();
    media?.addEventListener("devicechange", refresh);
    return () => media?.removeEventListener("devicechange", refresh);
  }, [refresh]);
  return useMemo(() => ({ ...devices, refresh }), [devices, refresh]);
}
