/** Under the preview: the three devices, on a phone one row that opens the settings. */
import { ChevronRight, Mic, SlidersHorizontal, Video, Volume2 } from "lucide-react";

import { t } from "../../i18n/translate";
import { IconButton } from "../../ui/IconButton";
import { DeviceSelect, shortLabel } from "../devices/DeviceSelect";
import { findDevice, type Device, type Devices } from "../devices/findDevice";
import { canChooseSpeaker } from "../devices/playSound";
import type { DeviceSettings, RememberedDevice } from "../types";

type DeviceRowProps = {
  devices: Devices;
  settings: DeviceSettings;
  onChange: (settings: DeviceSettings) => void;
  onOpenSettings: () => void;
};

export function DeviceRow({ devices, settings, onChange, onOpenSettings }: DeviceRowProps) {
  const { microphone, camera, speaker } = settings;
  return (
    <>
      <div className="nz-devices">
        <DeviceSelect
          label={t("sessions.microphone")}
          labelHidden
          quiet
          icon={<Mic size={18} aria-hidden="true" />}
          devices={devices.microphones}
          remembered={microphone.device}
          onChoose={(device) => onChange({ ...settings, microphone: { ...microphone, device } })}
        />
        <DeviceSelect
          label={t("sessions.camera")}
          labelHidden
          quiet
          icon={<Video size={18} aria-hidden="true" />}
          devices={devices.cameras}
          remembered={camera.device}
          onChoose={(device) => onChange({ ...settings, camera: { ...camera, device } })}
        />
        <DeviceSelect
          label={t("sessions.speaker")}
          labelHidden
          quiet
          icon={<Volume2 size={18} aria-hidden="true" />}
          devices={canChooseSpeaker() ? devices.speakers : []}
          remembered={speaker.device}
          onChoose={(device) => onChange({ ...settings, speaker: { ...speaker, device } })}
        />
        <IconButton
          label={t("sessions.settings")}
          className="nz-devices-key"
          aria-haspopup="dialog"
          onClick={onOpenSettings}
        >
          <SlidersHorizontal size={18} aria-hidden="true" />
        </IconButton>
      </div>
      <button
        type="button"
        className="nz-devices-row"
        aria-haspopup="dialog"
        onClick={onOpenSettings}
      >
        <SlidersHorizontal size={18} aria-hidden="true" />
        <span>{summary(devices, settings)}</span>
        <ChevronRight size={16} aria-hidden="true" />
      </button>
    </>
  );
}

function summary(devices: Devices, { microphone, camera }: DeviceSettings): string {
  if (devices.microphones.length + devices.cameras.length === 0) {
    return t("sessions.devices_summary");
  }
  return t("sessions.devices_two", {
    microphone: nameOf(devices.microphones, microphone.device),
    camera: nameOf(devices.cameras, camera.device),
  });
}

function nameOf(devices: readonly Device[], remembered: RememberedDevice | null): string {
  const device = findDevice(devices, remembered) ?? devices[0];
  return device ? shortLabel(device.label) : t("sessions.system_choice");
}
