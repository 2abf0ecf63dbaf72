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
  const counting = trouble?.kind === "too_many";
  const now = useNow(1000, counting);
  const seconds = counting ? Math.max(1, Math.ceil((trouble.until - now) / 1000)) : 0;
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
        {counting && now < trouble.until && (
          // Read once; the number that counts down is for the eyes.
          <Strip tone="warn">{t("sessions.gate_too_many", { count: seconds })}</Strip>
        )}
      </div>
    </>
  );
}
