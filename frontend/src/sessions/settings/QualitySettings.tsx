/** What one receives, and how one's shared screen is sent. */
import { t } from "../../i18n/translate";
import { RadioGroup } from "../../ui/RadioGroup";
import type { SettingsProps } from "./settingsProps";

export function QualitySettings({ settings, onChange }: SettingsProps) {
  return (
    <div className="grid gap-6">
      <RadioGroup
        label={t("sessions.received")}
        hint={t("sessions.received_hint")}
        choices={[
          { value: "automatic", label: t("sessions.received_automatic") },
          { value: "low_data", label: t("sessions.received_low_data") },
          { value: "audio_only", label: t("sessions.received_audio_only") },
        ]}
        value={settings.received}
        onChoose={(received) => onChange({ ...settings, received })}
      />
      <RadioGroup
        label={t("sessions.share")}
        choices={[
          { value: "text", label: t("sessions.share_text") },
          { value: "motion", label: t("sessions.share_motion") },
        ]}
        value={settings.share}
        onChoose={(share) => onChange({ ...settings, share })}
      />
    </div>
  );
}
