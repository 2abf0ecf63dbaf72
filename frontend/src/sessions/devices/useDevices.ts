/** The devices that are there now; their names are known once one of them was allowed. */
import { useCallback, useEffect, useMemo, useState } from "react";

import type { Devices } from "./findDevice";

/** Chrome's names for the system's choice, which is our first entry anyway. */
const ALIASES = new Set(["", "default", "communications"]);
const NONE: Devices = { microphones: [], cameras: [], speakers: [] };

export async function listDevices(): Promise<Devices> {
  const media = mediaDevices();
  if (!media) return NONE;
  const all = await media.enumerateDevices().catch(() => []);
  // Before a permission there are entries without id or label; they help nobody.
  const known = all.filter(({ deviceId, label }) => label !== "" && !ALIASES.has(deviceId));
  const ofKind = (kind: MediaDeviceKind) => known.filter((device) => device.kind === kind);
  const alias = (kind: MediaDeviceKind) =>
    all.find((device) => device.kind === kind && device.deviceId === "default")?.label;
  return {
    microphones: ofKind("audioinput"),
    cameras: ofKind("videoinput"),
    speakers: ofKind("audiooutput"),
    systemMicrophone: alias("audioinput"),
    systemSpeaker: alias("audiooutput"),
  };
}

/** Absent on pages that the browser does not take for secure. */
export function mediaDevices(): MediaDevices | undefined {
  return (navigator as Partial<Navigator>).mediaDevices;
}

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
