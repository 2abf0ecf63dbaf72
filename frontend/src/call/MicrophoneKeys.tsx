/** The microphone's key and, behind its caret, the choice of microphone and speaker. */

import { ChevronUp, Mic, MicOff, Settings } from "lucide-react";
import { t } from "../i18n/translate";
import { useDevices } from "../sessions/devices/useDevices";
import { Menu } from "../ui/Menu";
import { useCallView } from "./CallContext";
import { ControlKey } from "./ControlKey";
import { deviceEntries } from "./deviceEntries";
import { withTrouble } from "./withTrouble";

type MicrophoneKeysProps = { caret: boolean; onSettings: () => void };

export function MicrophoneKeys({ caret, onSettings }: MicrophoneKeysProps) {
  const { call, snapshot, talking } = useCallView();
  const { on, trouble } = snapshot.microphone;
  const Sign = on ? Mic : MicOff;
  return (
    <>
      <ControlKey
        label={withTrouble(on ? t("call.mute") : t("call.unmute"), trouble)}
        shortcut="M"
        tone={on ? (talking ? "on" : undefined) : "off"}
        onClick={() => call.setMicrophone(!on)}
      >
        <Sign size={20} strokeWidth={1.75} aria-hidden="true" />
        {trouble && (
          <span className="nz-control-sign" aria-hidden="true">
            !
          </span>
        )}
      </ControlKey>
      {caret && <SoundMenu onSettings={onSettings} />}
    </>
  );
}

function SoundMenu({ onSettings }: { onSettings: () => void }) {
  const { settings, changeSettings } = useCallView();
  const { microphone, speaker } = settings;
  const { microphones, speakers, refresh } = useDevices();
  return (
    <Menu
      label={t("call.sound_devices")}
      side="above"
      align="start"
      onOpenChange={(open) => open && refresh()}
      entries={[
        ...deviceEntries(t("sessions.microphone"), microphones, microphone.device, (device) =>
          changeSettings({ ...settings, microphone: { ...microphone, device } }),
        ),
        ...deviceEntries(t("sessions.speaker"), speakers, speaker.device, (device) =>
          changeSettings({ ...settings, speaker: { ...speaker, device } }),
        ),
        { label: t("sessions.settings"), icon: <Settings size={18} />, onChoose: onSettings },
      ]}
      trigger={(props) => (
        <ControlKey {...props} label={t("call.sound_devices")} caret>
          <ChevronUp size={16} aria-hidden="true" />
        </ControlKey>
      )}
    />
  );
}
