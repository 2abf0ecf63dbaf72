/** The entries of a menu that chooses one of several devices. */

import { t } from "../i18n/translate";
import type { Device } from "../sessions/devices/findDevice";
import { findDevice } from "../sessions/devices/findDevice";
import type { RememberedDevice } from "../sessions/types";
import type { MenuEntry } from "../ui/menuEntries";

export function deviceEntries(
  heading: string,
  devices: readonly Device[],
  remembered: RememberedDevice | null,
  choose: (device: RememberedDevice | null) => void,
): MenuEntry[] {
  if (devices.length === 0) return [];
  const chosen = findDevice(devices, remembered);
  return [
    { kind: "heading", label: heading },
    {
      kind: "radio",
      label: t("sessions.system_choice"),
      checked: chosen === undefined,
      onChoose: () => choose(null),
    },
    ...devices.map((device): MenuEntry => ({
      kind: "radio",
      label: device.label,
      checked: device === chosen,
      onChoose: () => choose({ id: device.deviceId, label: device.label }),
    })),
    { kind: "rule" },
  ];
}
