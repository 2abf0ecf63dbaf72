/** The camera's key and, behind its caret, the choice of camera. */

import { ChevronUp, Settings, Video, VideoOff } from "lucide-react";
import { t } from "../i18n/translate";
import { useDevices } from "../sessions/devices/useDevices";
import { Menu } from "../ui/Menu";
import { useCallView } from "./CallContext";
import { ControlKey } from "./ControlKey";
import { deviceEntries } from "./deviceEntries";
import { withTrouble } from "./withTrouble";

type CameraKeysProps = { caret: boolean; onSettings: () => void };

export function CameraKeys({ caret, onSettings }: CameraKeysProps) {
  const { call, snapshot } = useCallView();
  const { on, trouble } = snapshot.camera;
  const Sign = on ? Video : VideoOff;
  return (
    <>
      <ControlKey
        label={withTrouble(on ? t("call.stop_camera") : t("call.start_camera"), trouble)}
        shortcut="V"
        tone={on ? undefined : "off"}
        onClick={() => call.setCamera(!on)}
      >
        <Sign size={20} strokeWidth={1.75} aria-hidden="true" />
        {trouble && (
          <span className="nz-control-sign" aria-hidden="true">
            !
          </span>
        )}
      </ControlKey>
      {caret && <CameraMenu onSettings={onSettings} />}
    </>
  );
}

function CameraMenu({ onSettings }: { onSettings: () => void }) {
  const { settings, changeSettings } = useCallView();
  const { camera } = settings;
  const { cameras, refresh } = useDevices();
  return (
    <Menu
      label={t("call.camera_devices")}
      side="above"
      align="start"
      onOpenChange={(open) => open && refresh()}
      entries={[
        ...deviceEntries(t("sessions.camera"), cameras, camera.device, (device) =>
          changeSettings({ ...settings, camera: { ...camera, device } }),
        ),
        { label: t("sessions.settings"), icon: <Settings size={18} />, onChoose: onSettings },
      ]}
      trigger={(props) => (
        <ControlKey {...props} label={t("call.camera_devices")} caret>
          <ChevronUp size={16} aria-hidden="true" />
        </ControlKey>
      )}
    />
  );
}
