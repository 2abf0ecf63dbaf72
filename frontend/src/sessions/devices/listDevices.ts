/** The devices that are there now, asked of the browser once. */
import type { Devices } from "./findDevice";

/** Chrome's names for the system's choice, which is our first entry anyway. */
const ALIASES = new Set(["", "default", "communications"]);
export const NONE: Devices = { microphones: [], cameras: [], speakers: [] };

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
