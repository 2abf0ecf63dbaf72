/** Shares the screen, where the browser can. */

import { MonitorUp } from "lucide-react";
import { t } from "../i18n/translate";
import { useCallView } from "./CallContext";
import { canShareScreen } from "./canShareScreen";
import { ControlKey } from "./ControlKey";

export function ShareKey() {
  const { call, snapshot } = useCallView();
  const { on } = snapshot.share;
  if (!canShareScreen()) return null;
  return (
    <ControlKey
      label={on ? t("call.stop_sharing") : t("call.share_screen")}
      shortcut="S"
      tone={on ? "on" : undefined}
      onClick={() => call.setShare(!on)}
    >
      <MonitorUp size={20} strokeWidth={1.75} aria-hidden="true" />
    </ControlKey>
  );
}
