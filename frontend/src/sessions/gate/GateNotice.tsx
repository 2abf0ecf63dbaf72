/** What stands above the button: why joining may not go as expected. */
import { t } from "../../i18n/translate";
import { Strip } from "../../ui/Strip";
import { useNow } from "../../ui/useNow";
import type { JoinTrouble } from "./useJoin";

const WORDS = {
  offline: "sessions.gate_offline",
  unavailable: "sessions.gate_unavailable",
  not_admitted: "sessions.gate_not_admitted",
} as const;

export type GateNoticeProps = {
  trouble: JoinTrouble | null;
  locked: boolean;
  full: boolean;
  mediaAvailable: boolean;
};

export function GateNotice({ trouble, locked, full, mediaAvailable }: GateNoticeProps) {
  return (
    <>
      {!mediaAvailable && <Strip tone="bad">{t("sessions.gate_no_media")}</Strip>}
      {locked && (
        <Strip tone="warn" live="polite">
          {t("sessions.gate_locked")}
        </Strip>
      )}
      {full && !locked && (
        <Strip tone="warn" live="polite">
          {t("sessions.gate_full")}
        </Strip>
      )}
      <div role="alert">
        {trouble && trouble.kind !== "name" && trouble.kind !== "too_many" && (
          <Strip tone="bad">{t(WORDS[trouble.kind])}</Strip>
        )}
        {trouble?.kind === "too_many" && <TooMany until={trouble.until} />}
      </div>
    </>
  );
}

/** Counts down to when one may try again, then goes. */
function TooMany({ until }: { until: number }) {
  const now = useNow(1000);
  if (now >= until) return null;
  return (
    <Strip tone="warn">
      {t("sessions.gate_too_many", { count: Math.ceil((until - now) / 1000) })}
    </Strip>
  );
}
