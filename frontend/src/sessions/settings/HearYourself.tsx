/** Records one's voice for three seconds, then plays it back through the chosen speaker. */
import { Ear } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { t } from "../../i18n/translate";
import { announce } from "../../ui/announcements";
import { Button } from "../../ui/Button";
import { playRecording, type SpeakerChoice } from "../devices/playSound";
import { canRecord, recordVoice } from "../devices/recordVoice";

const LENGTH = 3000;

type Step = "ready" | "recording" | "playing" | "failed";

type HearYourselfProps = { track: MediaStreamTrack | null; speaker: SpeakerChoice };

export function HearYourself({ track, speaker }: HearYourselfProps) {
  const [step, setStep] = useState<Step>("ready");
  const leaving = useRef<AbortController | null>(null);
  useEffect(() => () => leaving.current?.abort(), []);

  const run = async () => {
    if (!track) return;
    const stop = new AbortController();
    leaving.current = stop;
    try {
      setStep("recording");
      announce(t("sessions.try_voice_recording"), "assertive");
      const recording = await recordVoice(track, LENGTH, stop.signal);
      if (stop.signal.aborted) return;
      setStep("playing");
      await playRecording(recording, speaker, stop.signal);
      setStep("ready");
    } catch {
      setStep("failed");
    }
  };

  if (!canRecord()) return null;
  const busy = step === "recording" || step === "playing";
  return (
    <div className="grid gap-1.5">
      <Button
        className="justify-self-start"
        icon={<Ear size={18} aria-hidden="true" />}
        busy={busy}
        busyWords={t(
          step === "playing" ? "sessions.try_voice_playing" : "sessions.try_voice_recording",
        )}
        disabled={!track}
        onClick={() => void run()}
      >
        {t("sessions.try_voice")}
      </Button>
      <p className="nz-hint" role="status">
        {t(step === "failed" ? "sessions.try_voice_failed" : "sessions.try_voice_hint")}
      </p>
    </div>
  );
}
