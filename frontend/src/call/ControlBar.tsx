/** The bar at the bottom: what one switches, says and leaves with. */

import { Ellipsis, LayoutGrid, Link, Minimize2, PictureInPicture2, UsersRound } from "lucide-react";
import { t } from "../i18n/translate";
import { IconButton } from "../ui/IconButton";
import { Menu } from "../ui/Menu";
import { useCallView } from "./CallContext";
import type { PanelName } from "./CallContext";
import { ChatKey } from "./ChatKey";
import { CameraKeys } from "./CameraKeys";
import { ControlKey } from "./ControlKey";
import { copyLink } from "./copyLink";
import { Duration } from "./Duration";
import { LeaveKey } from "./LeaveKey";
import { MicrophoneKeys } from "./MicrophoneKeys";
import { ShareKey } from "./ShareKey";
import { Toolbar } from "./Toolbar";
import { useMoreEntries } from "./useMoreEntries";
import type { Dialog } from "./useMoreEntries";

type ControlBarProps = {
  onPanel: (panel: PanelName) => void;
  onDialog: (dialog: Dialog) => void;
};

export function ControlBar({ onPanel, onDialog }: ControlBarProps) {
  const { state, people, link, panel } = useCallView();
  const settings = () => onDialog("settings");
  return (
    <div className="nz-control-bar">
      <div className="nz-control-bar-title">
        <h1 title={state.session.title}>
          <bdi>{state.session.title}</bdi>
        </h1>
        <Duration />
        <IconButton label={t("call.copy_link")} onClick={() => void copyLink(link)}>
          <Link size={18} aria-hidden="true" />
        </IconButton>
      </div>
      <Toolbar>
        <div className="nz-control-group">
          <MicrophoneKeys caret onSettings={settings} />
          <CameraKeys caret onSettings={settings} />
        </div>
        <div className="nz-control-group">
          <ShareKey />
          <LayoutKey />
          <MoreKey onDialog={onDialog} />
        </div>
        <LeaveKey phone={false} />
      </Toolbar>
      <div className="nz-control-bar-panels">
        <ChatKey look="nz-panel-key" onPress={() => onPanel("chat")} />
        <IconButton
          id="people-key"
          look="nz-panel-key"
          label={t("call.people_count", { count: people.length })}
          shortcut="P"
          aria-expanded={panel === "people"}
          onClick={() => onPanel("people")}
        >
          <UsersRound size={20} strokeWidth={1.75} aria-hidden="true" />
          {people.length}
        </IconButton>
        <CollapseKey />
      </div>
    </div>
  );
}

function LayoutKey() {
  const { layout, setLayout } = useCallView();
  const other = layout === "grid" ? "speaker" : "grid";
  const Sign = layout === "grid" ? PictureInPicture2 : LayoutGrid;
  return (
    <ControlKey
      label={other === "grid" ? t("call.to_grid") : t("call.to_speaker")}
      shortcut="L"
      onClick={() => setLayout(other)}
    >
      <Sign size={20} strokeWidth={1.75} aria-hidden="true" />
    </ControlKey>
  );
}

function CollapseKey() {
  const { dock } = useCallView();
  if (!dock) return null;
  return (
    <IconButton look="nz-panel-key" label={t("call.collapse")} onClick={dock.collapse}>
      <Minimize2 size={20} strokeWidth={1.75} aria-hidden="true" />
    </IconButton>
  );
}

function MoreKey({ onDialog }: { onDialog: (dialog: Dialog) => void }) {
  const entries = useMoreEntries(onDialog);
  return (
    <Menu
      label={t("call.more")}
      side="above"
      align="center"
      entries={entries}
      trigger={(props) => (
        <ControlKey {...props} label={t("call.more")}>
          <Ellipsis size={20} strokeWidth={1.75} aria-hidden="true" />
        </ControlKey>
      )}
    />
  );
}
