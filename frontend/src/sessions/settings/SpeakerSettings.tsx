/** Speaker: device, volume, a test sound. */
import { useId } from "react";

import { t } from "../../i18n/translate";
import { Slider } from "../../ui/Slider";
import { chosenDevices } from "../devices/findDevice";
import { DeviceSelect } from "../devices/DeviceSelect";
import { canChooseSpeaker } from "../devices/playSound";
import type { DeviceSettings } from "../types";
import type { SettingsProps } from "./settingsProps";
import { TestSound } from "./TestSound";

export function SpeakerSettings({ settings, onChange, devices }: SettingsProps) {
  const id = useId();
  const { speaker } = settings;
  const put = (change: Partial<DeviceSettings["speaker"]>) =>
    onChange({ ...settings, speaker: { ...speaker, ...change } });
  const choosable = canChooseSpeaker();
  return (
    <section className="grid gap-4" aria-labelledby={id}>
      <h3 className="text-base font-semibold" id={id}>
        {t("sessions.speaker")}
      </h3>
      <DeviceSelect
        label={t("sessions.speaker")}
        labelHidden
        devices={choosable ? devices.speakers : []}
        systemLabel={devices.systemSpeaker}
        remembered={speaker.device}
        disabled={!choosable}
        hint={choosable ? undefined : t("sessions.speaker_fixed")}
        onChoose={(device) => put({ device })}
      />
      <Slider
        label={t("sessions.volume")}
        value={Math.round(speaker.volume * 100)}
        step={5}
        words={(percent) => t("sessions.volume_percent", { percent })}
        onChange={(percent) => put({ volume: percent / 100 })}
      />
      <TestSound
        speaker={{
          deviceId: chosenDevices(devices, settings).speakerId,
          volume: speaker.volume,
        }}
      />
    </section>
  );
}
