/** Asks again before the session ends for everybody. */

import { useState } from "react";
import { problemCode } from "../api/problem";
import { t } from "../i18n/translate";
import { Button } from "../ui/Button";
import { Modal } from "../ui/Modal";
import { Strip } from "../ui/Strip";
import { useCallView } from "./CallContext";

export function EndForAll({ onClose }: { onClose: () => void }) {
  const { people, leave, endForAll } = useCallView();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<"call.end_failed" | "call.end_failed_offline" | null>(null);

  const end = async () => {
    setBusy(true);
    setFailed(null);
    try {
      await endForAll();
    } catch (error) {
      setBusy(false);
      const offline = problemCode(error) === "offline";
      setFailed(offline ? "call.end_failed_offline" : "call.end_failed");
    }
  };

  return (
    <Modal
      question
      title={t("call.end_question", { count: people.length })}
      onClose={onClose}
      foot={
        <>
          <Button kind="quiet" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button onClick={leave}>{t("call.leave_only")}</Button>
          <Button kind="danger" busy={busy} busyWords={t("call.ending")} onClick={() => void end()}>
            {t("call.end_for_all")}
          </Button>
        </>
      }
    >
      <p className="text-ink-2">{t("call.end_what")}</p>
      <div role="alert" className="mt-3">
        {failed && <Strip tone="bad">{t(failed)}</Strip>}
      </div>
    </Modal>
  );
}
