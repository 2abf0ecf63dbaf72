/** What came and what went between two looks at the devices. */

import { shortLabel } from "../sessions/devices/DeviceSelect";
import { findDevice, labelled } from "../sessions/devices/findDevice";
import type { Device, Devices } from "../sessions/devices/findDevice";
import type { DeviceSettings } from "../sessions/types";

export type Kind = "microphone" | "camera" | "speaker";
export const KINDS: readonly Kind[] = ["microphone", "speaker", "camera"];

export type Found = Partial<Record<Kind, Device>>;
/** One thing that was plugged in or pulled out, a headset say, with all that it can do. */
export type DeviceNews =
  | { what: "came" | "back"; name: string; devices: Found }
  /** `other`: what is used instead; null where there is nothing left. */
  | { what: "lost"; name: string; other: string | null };

/** Labels of what was in use since the look before, as tracks and settings tell it. */
export type Used = Record<Kind, ReadonlySet<string>>;

export function deviceNews(
  before: Devices,
  after: Devices,
  used: Used,
  settings: DeviceSettings,
): DeviceNews[] {
  return [...lost(before, after, used), ...came(before, after, settings)];
}

export function listOf(devices: Devices, kind: Kind): readonly Device[] {
  if (kind === "microphone") return devices.microphones;
  return kind === "camera" ? devices.cameras : devices.speakers;
}

function came(before: Devices, after: Devices, settings: DeviceSettings): DeviceNews[] {
  const things = new Map<string, DeviceNews & { what: "came" | "back" }>();
  for (const kind of KINDS) {
    const known = new Set(listOf(before, kind).map(({ deviceId }) => deviceId));
    for (const device of listOf(after, kind)) {
      if (known.has(device.deviceId)) continue;
      const key = device.groupId || device.label;
      const thing = things.get(key) ?? {
        what: "came",
        name: shortLabel(device.label),
        devices: {},
      };
      thing.devices[kind] ??= device;
      if (findDevice([device], settings[kind].device)) thing.what = "back";
      things.set(key, thing);
    }
  }
  return [...things.values()];
}

/** A headset is gone once, though it was microphone and speaker. */
function lost(before: Devices, after: Devices, used: Used): DeviceNews[] {
  const things = new Map<string, DeviceNews>();
  for (const kind of KINDS) {
    for (const device of listOf(before, kind)) {
      const stillThere = listOf(after, kind).some(({ deviceId }) => deviceId === device.deviceId);
      const wasUsed = [...used[kind]].some((label) => labelled([device], label) !== undefined);
      const key = device.groupId || device.label;
      if (stillThere || !wasUsed || things.has(key)) continue;
      const other = systemChoice(after, kind);
      const name = shortLabel(device.label);
      things.set(key, { what: "lost", name, other: other ? shortLabel(other.label) : null });
    }
  }
  return [...things.values()];
}

function systemChoice(devices: Devices, kind: Kind): Device | undefined {
  const list = listOf(devices, kind);
  const system = kind === "microphone" ? devices.systemMicrophone : devices.systemSpeaker;
  return (kind === "camera" ? undefined : labelled(list, system)) ?? list[0];
}
