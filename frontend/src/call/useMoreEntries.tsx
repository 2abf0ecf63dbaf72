/** What stands behind "More": in a menu, on a phone in a sheet. */

import { Keyboard, LayoutGrid, Link, PictureInPicture2, Settings } from "lucide-react";
import { t } from "../i18n/translate";
import type { MenuEntry } from "../ui/menuEntries";
import { useCallView } from "./CallContext";
import { copyLink } from "./copyLink";

export type Dialog = "settings" | "help" | "more";

export function useMoreEntries(open: (dialog: Dialog) => void): MenuEntry[] {
  const { link, layout, setLayout } = useCallView();
  return [
    { kind: "heading", label: t("call.layout") },
    {
      kind: "radio",
      label: t("call.layout_grid"),
      icon: <LayoutGrid size={18} />,
      checked: layout === "grid",
      onChoose: () => setLayout("grid"),
    },
    {
      kind: "radio",
      label: t("call.layout_speaker"),
      icon: <PictureInPicture2 size={18} />,
      checked: layout === "speaker",
      onChoose: () => setLayout("speaker"),
    },
    { kind: "rule" },
    {
      label: t("call.copy_link"),
      icon: <Link size={18} />,
      onChoose: () => void copyLink(link),
    },
    {
      label: t("sessions.settings"),
      icon: <Settings size={18} />,
      onChoose: () => open("settings"),
    },
    {
      label: t("call.shortcuts"),
      icon: <Keyboard size={18} />,
      shortcut: "?",
      onChoose: () => open("help"),
    },
  ];
}
