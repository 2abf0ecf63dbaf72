/** Camera: device, size, mirror, and how it looks. */
import { VideoOff } from "lucide-react";
import { useState } from "react";

import { t } from "../../i18n/translate";
import { canBlur } from "../../livekit/canBlur";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Select";
import { Switch } from "../../ui/Switch";
import { DeviceSelect } from "../devices/DeviceSelect";
import { OwnPicture } from "../devices/OwnPicture";
import { cameraHelp } from "../devices/deviceHelp";
import type { CameraHeight, DeviceSettings } from "../types";
import type { SettingsProps } from "./settingsProps";
import { useMonitor, type Monitor } from "./useMonitor";

const HEIGHTS: readonly CameraHeight[] = [360, 720, 1080];

export function CameraSettings({ settings, onChange, devices, open, blurOffered }: SettingsProps) {
  const [canBlurHere] = useState(canBlur);
  const monitor = useMonitor("camera", settings, open);
  const { camera } = settings;
  const put = (change: Partial<DeviceSettings["camera"]>) =>
    onChange({ ...settings, camera: { ...camera, ...change } });
  return (
    <div className="grid gap-4">
      <Picture monitor={monitor} mirror={camera.mirror} />
      <DeviceSelect
        label={t("sessions.camera")}
        devices={devices.cameras}
        systemLabel={monitor.track?.label}
        remembered={camera.device}
        onChoose={(device) => put({ device })}
      />
      <Select
        label={t("sessions.picture_size")}
        hint={t("sessions.picture_size_hint")}
        choices={HEIGHTS.map((height) => ({
          value: String(height),
          label: t(`sessions.size_${height}`),
        }))}
        value={String(camera.height)}
        onChoose={(value) => {
          const height = HEIGHTS.find((candidate) => String(candidate) === value);
          if (height) put({ height });
        }}
      />
      <Switch
        checked={camera.mirror}
        hint={t("sessions.mirror_hint")}
        onChange={(mirror) => put({ mirror })}
      >
        {t("sessions.mirror")}
      </Switch>
      {blurOffered && canBlurHere && (
        <Switch
          checked={camera.blur}
          hint={t("sessions.blur_hint")}
          onChange={(blur) => put({ blur })}
        >
          {t("sessions.blur")}
        </Switch>
      )}
    </div>
  );
}

function Picture({ monitor, mirror }: { monitor: Monitor; mirror: boolean }) {
  const help = monitor.trouble ? cameraHelp(monitor.trouble) : null;
  return (
    <div className="nz-preview nz-preview-small">
      {monitor.track ? (
        <OwnPicture track={monitor.track} mirror={mirror} />
      ) : (
        <div className="nz-preview-words">
          <VideoOff size={24} aria-hidden="true" />
          {help && <strong>{help.title}</strong>}
          <span role="status">{help ? help.words : t("sessions.camera_off_here")}</span>
          {monitor.start && (
            <Button size="sm" onClick={monitor.start}>
              {help ? t("common.try_again") : t("sessions.ask_camera_action")}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
