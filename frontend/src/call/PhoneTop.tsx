/** A phone's line above the stage: title, time, the other camera, how many people. */

import { ChevronDown, SwitchCamera, UsersRound } from "lucide-react";
import { t } from "../i18n/translate";
import { useDevices } from "../sessions/devices/useDevices";
import { IconButton } from "../ui/IconButton";
import { useCallView } from "./CallContext";
import type { PanelName } from "./CallContext";
import { Duration } from "./Duration";

type PhoneTopProps = { onPanel: (panel: PanelName) => void };

export function PhoneTop({ onPanel }: PhoneTopProps) {
  const { state, people, call, snapshot, dock, panel } = useCallView();
  const { cameras } = useDevices();
  return (
    <div className="nz-call-top">
      {dock && (
        <IconButton
          size="md"
          label={t("call.collapse")}
          tooltipSide="below"
          onClick={dock.collapse}
        >
          <ChevronDown size={20} strokeWidth={1.75} aria-hidden="true" />
        </IconButton>
      )}
      <h1>
        <bdi>{state.session.title}</bdi> <Duration />
      </h1>
      {cameras.length > 1 && snapshot.camera.on && (
        <IconButton
          size="md"
          label={t("call.switch_camera")}
          tooltipSide="below"
          onClick={call.switchCamera}
        >
          <SwitchCamera size={20} strokeWidth={1.75} aria-hidden="true" />
        </IconButton>
      )}
      <IconButton
        look="nz-panel-key"
        label={t("call.people_count", { count: people.length })}
        tooltipSide="below"
        aria-expanded={panel === "people"}
        onClick={() => onPanel("people")}
      >
        <UsersRound size={20} strokeWidth={1.75} aria-hidden="true" />
        {people.length}
      </IconButton>
    </div>
  );
}
