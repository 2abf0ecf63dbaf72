/** Whether the browser tells of mentions while the page is out of sight. */
import { Bell, BellOff } from "lucide-react";
import { useSyncExternalStore } from "react";

import { t } from "../../i18n/translate";
import { IconButton } from "../../ui/IconButton";
import { showToast } from "../../ui/toasts";
import { alertState, onAlertState, switchAlerts } from "../core/mentionAlerts";

type AlertsKeyProps = { size?: "sm" | "md" };

export function AlertsKey({ size = "sm" }: AlertsKeyProps) {
  const state = useSyncExternalStore(onAlertState, alertState);
  if (state === "unsupported") return null;
  const on = state === "on";
  const press = async () => {
    const next = await switchAlerts(!on);
    if (next === "off") return;
    const words = next === "on" ? t("chat.alerts_done") : t("chat.alerts_denied");
    showToast({ key: "alerts", words });
  };
  const Sign = on ? Bell : BellOff;
  return (
    <IconButton
      label={t("chat.alerts")}
      pressed={on}
      size={size}
      tooltipSide="below"
      onClick={() => void press()}
    >
      <Sign size={size === "md" ? 20 : 18} aria-hidden="true" />
    </IconButton>
  );
}
