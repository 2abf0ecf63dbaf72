/** The plate on the preview: the microphone's level and whether anything is heard. */
import { MicOff } from "lucide-react";

import { t } from "../../i18n/translate";
import { LevelMeter } from "../../ui/LevelMeter";
import { useHearing } from "../devices/useHearing";
import { useLevel } from "../devices/useLevel";

const WORDS = {
  waiting: "sessions.say_something",
  heard: "sessions.heard",
  silent: "sessions.silent",
} as const;

type PreviewPlateProps = { track?: MediaStreamTrack | null; muted?: boolean };

export function PreviewPlate({ track = null, muted = false }: PreviewPlateProps) {
  const level = useLevel(muted ? null : track);
  const hearing = useHearing(track, level);
  if (muted) {
    return (
      <div className="nz-plate">
        <MicOff size={16} aria-hidden="true" />
        <span>{t("sessions.muted")}</span>
      </div>
    );
  }
  return (
    <div className="nz-plate">
      <LevelMeter label={t("sessions.level")} level={level ?? 0} onPicture />
      <span role="status">{t(WORDS[hearing])}</span>
    </div>
  );
}
