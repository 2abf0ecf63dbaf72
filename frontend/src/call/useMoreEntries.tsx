/** What stands behind "More": in a menu, on a phone in a sheet. */

import {
  Activity,
  ChartNoAxesColumn,
  HeadphoneOff,
  Headphones,
  Keyboard,
  LayoutGrid,
  Link,
  PictureInPicture,
  PictureInPicture2,
  Settings,
} from "lucide-react";
import { t } from "../i18n/translate";
import type { MenuEntry } from "../ui/menuEntries";
import { useCallView } from "./CallContext";
import { copyLink } from "./copyLink";

export type Dialog = "settings" | "report" | "help" | "more" | "statistics";

export function useMoreEntries(open: (dialog: Dialog) => void): MenuEntry[] {
  const { call, snapshot, link, layout, setLayout, me, pip } = useCallView();
  const hosts = me.role !== "participant";
  const smallWindow: MenuEntry = {
    label: pip.window ? t("call.pip_close") : t("call.pip"),
    icon: <PictureInPicture size={18} />,
    shortcut: "I",
    onChoose: pip.toggle,
  };
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
    ...(pip.kind === "none" ? [] : [smallWindow]),
    {
      label: snapshot.deafened ? t("call.hear_everyone") : t("call.deafen"),
      icon: snapshot.deafened ? <Headphones size={18} /> : <HeadphoneOff size={18} />,
      onChoose: () => call.setDeafened(!snapshot.deafened),
    },
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
    ...(hosts
      ? [
          {
            label: t("sessions.statistics"),
            icon: <ChartNoAxesColumn size={18} />,
            onChoose: () => open("statistics"),
          },
        ]
      : []),
    {
      label: t("call.report"),
      icon: <Activity size={18} />,
      onChoose: () => open("report"),
    },
    {
      label: t("call.shortcuts"),
      icon: <Keyboard size={18} />,
      shortcut: "?",
      onChoose: () => open("help"),
    },
  ];
}
