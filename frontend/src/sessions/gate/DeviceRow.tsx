/** Under the preview: the three devices, on a phone one row that opens the settings. */
import { ChevronRight, Mic, SlidersHorizontal, Video, Volume2 } from "lucide-react";

import { t } from "../../i18n/translate";
import { IconButton } from "../../ui/IconButton";
import { DeviceSelect, shortLabel } from "../devices/DeviceSelect";
import { findDevice, labelled, type Device, type Devices } from "../devices/findDevice";
import { canChooseSpeaker } from "../devices/playSound";
import type { OpenTracks } from "../settings/useMonitor";
import type { DeviceSettings, RememberedDevice } from "../types";

type DeviceRowProps = {
  devices: Devices;
  settings: DeviceSettings;
  /** What is open, so that the system's choice can be named. */
  open: OpenTracks;
  onChange: (settings: DeviceSettings) => void;
  onOpenSettings: () => void;
};

export function DeviceRow({ devices, settings, open, onChange, onOpenSettings }: DeviceRowProps) {
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
          systemLabel={open.microphone?.label}
          remembered={microphone.device}
          onChoose={(device) => onChange({ ...settings, microphone: { ...microphone, device } })}
        />
        <DeviceSelect
          label={t("sessions.camera")}
          labelHidden
          quiet
          icon={<Video size={18} aria-hidden="true" />}
          devices={devices.cameras}
          systemLabel={open.camera?.label}
          remembered={camera.device}
          onChoose={(device) => onChange({ ...settings, camera: { ...camera, device } })}
        />
        <DeviceSelect
          label={t("sessions.speaker")}
          labelHidden
          quiet
          icon={<Volume2 size={18} aria-hidden="true" />}
          devices={canChooseSpeaker() ? devices.speakers : []}
          systemLabel={devices.systemSpeaker}
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
        <span>{summary(devices, settings, open)}</span>
        <ChevronRight size={16} aria-hidden="true" />
      </button>
    </>
  );
}

function summary(devices: Devices, { microphone, camera }: DeviceSettings, open: OpenTracks) {
  const found = {
    microphone: nameOf(devices.microphones, microphone.device, open.microphone),
    camera: nameOf(devices.cameras, camera.device, open.camera),
  };
  if (found.microphone === undefined || found.camera === undefined) {
    return found.microphone ?? found.camera ?? t("sessions.devices_summary");
  }
  return t("sessions.devices_two", { microphone: found.microphone, camera: found.camera });
}

function nameOf(
  devices: readonly Device[],
  remembered: RememberedDevice | null,
  track: MediaStreamTrack | null,
): string | undefined {
  const device = findDevice(devices, remembered) ?? labelled(devices, track?.label) ?? devices[0];
  return device && shortLabel(device.label);
}
