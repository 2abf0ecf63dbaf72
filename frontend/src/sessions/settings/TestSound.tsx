/** Plays two notes through the chosen speaker. */
import { Volume2 } from "lucide-react";
import { useState } from "react";

import { t } from "../../i18n/translate";
import { Button } from "../../ui/Button";
import { playTestSound, type SpeakerChoice } from "../devices/playSound";

export function TestSound({ speaker }: { speaker: SpeakerChoice }) {
  const [playing, setPlaying] = useState(false);
  const play = async () => {
    setPlaying(true);
    await playTestSound(speaker).catch(() => undefined);
    setPlaying(false);
  };
  return (
    <Button
      className="justify-self-start"
      icon={<Volume2 size={18} aria-hidden="true" />}
      busy={playing}
      busyWords={t("sessions.test_sound_playing")}
      onClick={() => void play()}
    >
      {t("sessions.test_sound")}
    </Button>
  );
}
