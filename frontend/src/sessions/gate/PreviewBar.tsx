/** The two switches on the preview: microphone and camera. */
import { Mic, MicOff, Video, VideoOff } from "lucide-react";
import type { ReactNode } from "react";

import { t } from "../../i18n/translate";
import { IconButton } from "../../ui/IconButton";

type PreviewBarProps = {
  secure: boolean;
  microphoneOn: boolean;
  cameraOn: boolean;
  onMicrophone: (on: boolean) => void;
  onCamera: (on: boolean) => void;
};

export function PreviewBar(props: PreviewBarProps) {
  const { secure, microphoneOn, cameraOn, onMicrophone, onCamera } = props;
  if (!secure) return null;
  return (
    <div className="nz-preview-bar">
      <Switch
        label={t(microphoneOn ? "sessions.mute" : "sessions.unmute")}
        on={microphoneOn}
        onPress={() => onMicrophone(!microphoneOn)}
      >
        {microphoneOn ? (
          <Mic size={22} aria-hidden="true" />
        ) : (
          <MicOff size={22} aria-hidden="true" />
        )}
      </Switch>
      <Switch
        label={t(cameraOn ? "sessions.stop_camera" : "sessions.start_camera")}
        on={cameraOn}
        onPress={() => onCamera(!cameraOn)}
      >
        {cameraOn ? (
          <Video size={22} aria-hidden="true" />
        ) : (
          <VideoOff size={22} aria-hidden="true" />
        )}
      </Switch>
    </div>
  );
}

type SwitchProps = { label: string; on: boolean; onPress: () => void; children: ReactNode };

function Switch({ label, on, onPress, children }: SwitchProps) {
  return (
    <IconButton
      label={label}
      look="nz-on-picture-button"
      className="nz-on-picture"
      data-off={!on}
      onClick={onPress}
    >
      {children}
    </IconButton>
  );
}
