/** Microphone: device, level, what the browser does to the sound, hearing oneself. */
import { useId } from "react";

import { t } from "../../i18n/translate";
import { Button } from "../../ui/Button";
import { LevelMeter } from "../../ui/LevelMeter";
import { Select } from "../../ui/Select";
import { Switch } from "../../ui/Switch";
import { chosenDevices } from "../devices/findDevice";
import { DeviceSelect } from "../devices/DeviceSelect";
import { useHearing } from "../devices/useHearing";
import { useLevel } from "../devices/useLevel";
import { microphoneHelp } from "../devices/deviceHelp";
import { hasKeyboard } from "../support";
import type { DeviceSettings, TalkKey } from "../types";
import { HearYourself } from "./HearYourself";
import type { SettingsProps } from "./settingsProps";
import { useMonitor, type Monitor } from "./useMonitor";

const HEARING = {
  waiting: "sessions.say_something",
  heard: "sessions.heard",
  silent: "sessions.silent",
} as const;

const TALK_KEYS: readonly TalkKey[] = ["off", "Space", "Backquote"];

export function MicrophoneSettings({ settings, onChange, devices, open }: SettingsProps) {
  const id = useId();
  const monitor = useMonitor("microphone", settings, open);
  const { microphone, speaker } = settings;
  const put = (change: Partial<DeviceSettings["microphone"]>) =>
    onChange({ ...settings, microphone: { ...microphone, ...change } });

  return (
    <section className="grid gap-4" aria-labelledby={id}>
      <h3 className="text-base font-semibold" id={id}>
        {t("sessions.microphone")}
      </h3>
      <DeviceSelect
        label={t("sessions.microphone")}
        labelHidden
        devices={devices.microphones}
        systemLabel={monitor.track?.label}
        remembered={microphone.device}
        onChoose={(device) => put({ device })}
      />
      <Level monitor={monitor} />
      <div className="grid gap-1">
        <Switch
          checked={microphone.echoCancellation}
          hint={t("sessions.echo_hint")}
          onChange={(echoCancellation) => put({ echoCancellation })}
        >
          {t("sessions.echo")}
        </Switch>
        <Switch
          checked={microphone.noiseSuppression}
          onChange={(noiseSuppression) => put({ noiseSuppression })}
        >
          {t("sessions.noise")}
        </Switch>
        <Switch
          checked={microphone.autoGainControl}
          onChange={(autoGainControl) => put({ autoGainControl })}
        >
          {t("sessions.gain")}
        </Switch>
      </div>
      {hasKeyboard() && (
        <Select
          label={t("sessions.talk_key")}
          hint={t("sessions.talk_key_hint")}
          choices={TALK_KEYS.map((value) => ({ value, label: t(`sessions.talk_key_${value}`) }))}
          value={microphone.talkKey}
          onChoose={(value) => {
            const talkKey = TALK_KEYS.find((candidate) => candidate === value);
            if (talkKey) put({ talkKey });
          }}
        />
      )}
      <HearYourself
        track={monitor.track}
        speaker={{
          deviceId: chosenDevices(devices, settings).speakerId,
          volume: speaker.volume,
        }}
      />
    </section>
  );
}

function Level({ monitor }: { monitor: Monitor }) {
  const level = useLevel(monitor.track);
  const hearing = useHearing(monitor.track, level);
  if (monitor.trouble || !monitor.track) {
    return (
      <div className="grid gap-2">
        {monitor.trouble && (
          <p className="text-sm text-ink-2" role="status">
            {microphoneHelp(monitor.trouble)}
          </p>
        )}
        {monitor.start && (
          <Button size="sm" className="justify-self-start" onClick={monitor.start}>
            {monitor.trouble ? t("common.try_again") : t("sessions.ask_microphone_action")}
          </Button>
        )}
      </div>
    );
  }
  return (
    <p className="flex min-h-5 items-center gap-3 text-sm text-ink-2">
      <LevelMeter label={t("sessions.level")} level={level ?? 0} />
      <span role="status">{t(HEARING[hearing])}</span>
    </p>
  );
}
