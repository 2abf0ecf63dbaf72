/** The settings, whose code comes when they are opened; if it does not, the page goes on without. */
import { useEffect, useEffectEvent, useState, type ComponentType } from "react";

import { t } from "../../i18n/translate";
import { showToast } from "../../ui/toasts";
import type { SettingsPanelProps } from "./SettingsPanel";

export function Settings(props: SettingsPanelProps) {
  const [Panel, setPanel] = useState<ComponentType<SettingsPanelProps> | null>(null);
  const giveUp = useEffectEvent(() => {
    const words = t("sessions.settings_failed");
    showToast({ key: "settings", words, tone: "bad", urgency: "assertive" });
    props.onClose();
  });
  useEffect(() => {
    let gone = false;
    import("./SettingsPanel").then(
      ({ SettingsPanel }) => {
        if (!gone) setPanel(() => SettingsPanel);
      },
      () => {
        if (!gone) giveUp();
      },
    );
    return () => {
      gone = true;
    };
  }, []);
  return Panel && <Panel {...props} />;
}
