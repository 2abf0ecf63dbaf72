/** Chooses a device, or leaves it to the system. */
import type { ReactNode } from "react";

import { t } from "../../i18n/translate";
import { Select } from "../../ui/Select";
import type { RememberedDevice } from "../types";
import { findDevice, labelled, type Device } from "./findDevice";

type DeviceSelectProps = {
  label: string;
  labelHidden?: boolean;
  devices: readonly Device[];
  remembered: RememberedDevice | null;
  onChoose: (device: RememberedDevice | null) => void;
  /** Label of the device that the system chose, where it is known. */
  systemLabel?: string;
  icon?: ReactNode;
  quiet?: boolean;
  disabled?: boolean;
  hint?: string;
};

const SYSTEM = "";

export function DeviceSelect({
  devices,
  remembered,
  onChoose,
  systemLabel,
  ...rest
}: DeviceSelectProps) {
  const system = labelled(devices, systemLabel);
  const choose = (id: string) => {
    const device = devices.find((candidate) => candidate.deviceId === id);
    onChoose(device ? { id: device.deviceId, label: device.label } : null);
  };
  return (
    <Select
      {...rest}
      choices={[
        {
          value: SYSTEM,
          label: system
            ? t("sessions.system_device", { device: shortLabel(system.label) })
            : t("sessions.system_choice"),
        },
        ...devices.map(({ deviceId, label }) => ({ value: deviceId, label: shortLabel(label) })),
      ]}
      value={findDevice(devices, remembered)?.deviceId ?? SYSTEM}
      onChoose={choose}
    />
  );
}

/** Without the numbers of maker and model that Chrome puts behind a name. */
export function shortLabel(label: string): string {
  return label.replace(/\s*\([0-9a-f]{4}:[0-9a-f]{4}\)$/i, "");
}
