/** Sound and picture settings, in the gate and in the call: a dialog, on a phone a sheet. */
import { AudioLines, Gauge, Video } from "lucide-react";

import { t } from "../../i18n/translate";
import { Modal } from "../../ui/Modal";
import { Tabs } from "../../ui/Tabs";
import { useDevices } from "../devices/useDevices";
import type { DeviceSettings } from "../types";
import { CameraSettings } from "./CameraSettings";
import { MicrophoneSettings } from "./MicrophoneSettings";
import { QualitySettings } from "./QualitySettings";
import { SpeakerSettings } from "./SpeakerSettings";
import type { OpenTracks } from "./useMonitor";

export type SettingsPanelProps = {
  settings: DeviceSettings;
  /** Called at each change; the settings hold at once. */
  onChange: (settings: DeviceSettings) => void;
  onClose: () => void;
  /** Tracks that the page has open already; without them the panel opens its own. */
  open?: OpenTracks;
  /** The operator has brought a model for it. */
  blurOffered: boolean;
};

export function SettingsPanel({
  settings,
  onChange,
  onClose,
  open,
  blurOffered,
}: SettingsPanelProps) {
  const devices = useDevices();
  const given = { settings, onChange, devices, open, blurOffered };
  return (
    <Modal title={t("sessions.settings")} onClose={onClose}>
      <Tabs
        label={t("sessions.settings_parts")}
        tabs={[
          {
            key: "sound",
            label: t("sessions.tab_sound"),
            icon: <AudioLines size={18} aria-hidden="true" />,
            panel: (
              <div className="grid gap-7 pt-5">
                <MicrophoneSettings {...given} />
                <SpeakerSettings {...given} />
              </div>
            ),
          },
          {
            key: "camera",
            label: t("sessions.tab_camera"),
            icon: <Video size={18} aria-hidden="true" />,
            panel: (
              <div className="pt-5">
                <CameraSettings {...given} />
              </div>
            ),
          },
          {
            key: "quality",
            label: t("sessions.tab_quality"),
            icon: <Gauge size={18} aria-hidden="true" />,
            panel: (
              <div className="pt-5">
                <QualitySettings {...given} />
              </div>
            ),
          },
        ]}
      />
    </Modal>
  );
}
