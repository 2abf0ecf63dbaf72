/** Five keys on a phone: microphone, camera, chat (or people where there is none), more, leave. */

import { Ellipsis, UsersRound } from "lucide-react";
import { t } from "../i18n/translate";
import { useCallView } from "./CallContext";
import type { PanelName } from "./CallContext";
import { ChatKey } from "./ChatKey";
import { CameraKeys } from "./CameraKeys";
import { ControlKey } from "./ControlKey";
import { LeaveKey } from "./LeaveKey";
import { MicrophoneKeys } from "./MicrophoneKeys";
import { Toolbar } from "./Toolbar";
import type { Dialog } from "./useMoreEntries";

type PhoneBarProps = {
  onPanel: (panel: PanelName) => void;
  onDialog: (dialog: Dialog) => void;
};

export function PhoneBar({ onPanel, onDialog }: PhoneBarProps) {
  const { people, panel, chat } = useCallView();
  const settings = () => onDialog("settings");
  return (
    <div className="nz-control-bar">
      <Toolbar>
        <MicrophoneKeys caret={false} onSettings={settings} />
        <CameraKeys caret={false} onSettings={settings} />
        {chat ? (
          <ChatKey look="nz-control" onPress={() => onPanel("chat")} />
        ) : (
          <ControlKey
            id="people-key"
            label={t("call.people_count", { count: people.length })}
            aria-expanded={panel === "people"}
            onClick={() => onPanel("people")}
          >
            <UsersRound size={20} strokeWidth={1.75} aria-hidden="true" />
          </ControlKey>
        )}
        <ControlKey label={t("call.more")} aria-haspopup="dialog" onClick={() => onDialog("more")}>
          <Ellipsis size={20} strokeWidth={1.75} aria-hidden="true" />
        </ControlKey>
        <LeaveKey phone />
      </Toolbar>
    </div>
  );
}
