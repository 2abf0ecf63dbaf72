/** What has no key of its own on a phone. */

import { MonitorUp, UsersRound } from "lucide-react";
import { t } from "../i18n/translate";
import { groupsOf } from "../ui/menuEntries";
import type { MenuChoice } from "../ui/menuEntries";
import { Sheet } from "../ui/Sheet";
import { useCallView } from "./CallContext";
import type { PanelName } from "./CallContext";
import { canShareScreen } from "./canShareScreen";
import { useMoreEntries } from "./useMoreEntries";
import type { Dialog } from "./useMoreEntries";

type MoreSheetProps = {
  onPanel: (panel: PanelName) => void;
  onDialog: (dialog: Dialog | null) => void;
};

export function MoreSheet({ onPanel, onDialog }: MoreSheetProps) {
  const { call, snapshot, people, chat } = useCallView();
  const close = () => onDialog(null);
  const entries = useMoreEntries(onDialog).filter(
    (entry) => !("shortcut" in entry && entry.shortcut === "?"),
  );
  const { on } = snapshot.share;
  const share: MenuChoice = {
    label: on ? t("call.stop_sharing") : t("call.share_screen"),
    icon: <MonitorUp size={18} />,
    onChoose: () => call.setShare(!on),
  };
  const everyone: MenuChoice = {
    label: t("call.people_count", { count: people.length }),
    icon: <UsersRound size={18} />,
    onChoose: () => onPanel("people"),
  };
  return (
    <Sheet title={t("call.more")} onClose={close}>
      {canShareScreen() && <SheetEntry choice={share} onClose={close} />}
      {chat && <SheetEntry choice={everyone} onClose={close} />}
      {groupsOf(entries).map((group, place) => (
        <div key={group.label ?? place} role="group" aria-label={group.label}>
          {group.label !== undefined && <p className="nz-menu-heading">{group.label}</p>}
          {group.choices.map((choice) => (
            <SheetEntry key={choice.label} choice={choice} onClose={close} />
          ))}
        </div>
      ))}
    </Sheet>
  );
}

function SheetEntry({ choice, onClose }: { choice: MenuChoice; onClose: () => void }) {
  const pressed = choice.kind === "radio" ? choice.checked : undefined;
  return (
    <button
      type="button"
      className="nz-menu-item"
      aria-pressed={pressed}
      onClick={() => {
        onClose();
        choice.onChoose();
      }}
    >
      {choice.icon}
      <span className="nz-menu-words">{choice.label}</span>
      {pressed && <span aria-hidden="true">✓</span>}
    </button>
  );
}
