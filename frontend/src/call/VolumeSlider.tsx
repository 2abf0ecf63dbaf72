/** How loud somebody is, for oneself only. */

import { t } from "../i18n/translate";
import { Slider } from "../ui/Slider";
import type { OwnVolume } from "./useVolume";

export function VolumeSlider({ volume, label }: { volume: OwnVolume; label: string }) {
  const percent = Math.round(volume.volume * 100);
  return (
    <Slider
      label={label}
      value={percent}
      step={5}
      words={(value) => t("call.percent", { percent: value })}
      onChange={(value) => {
        volume.setVolume(value / 100);
        // Whoever turns somebody up wants to hear them.
        if (volume.muted && value > percent) volume.setMuted(false);
      }}
    />
  );
}
