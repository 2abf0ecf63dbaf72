/** Something is away that comes back: tries again by itself, at once when the network is back. */
import { useEffect, useEffectEvent } from "react";

import { t } from "../../i18n/translate";
import { Button, buttonClass } from "../../ui/Button";
import type { DoorState } from "../../ui/Door";
import { CloseKey } from "./CloseKey";
import { EndFrame } from "./EndFrame";
import { useRetrying } from "./useRetrying";

const EVERY = 10;

type WaitToRetryProps = {
  door: DoorState;
  title: string;
  reason: string;
  onTry: () => Promise<void> | void;
  /** In a dock: back to the page beside it. */
  onClose: (() => void) | undefined;
};

export function WaitToRetry({ door, title, reason, onTry, onClose }: WaitToRetryProps) {
  const { seconds, trying, tryNow } = useRetrying(onTry, EVERY, true);
  const backOnline = useEffectEvent(tryNow);
  useEffect(() => {
    const goOn = () => backOnline();
    window.addEventListener("online", goOn);
    return () => window.removeEventListener("online", goOn);
  }, []);
  return (
    <EndFrame
      door={door}
      title={title}
      reason={reason}
      docked={onClose !== undefined}
      note={trying ? t("sessions.trying_now") : t("sessions.trying_in", { seconds: seconds ?? 0 })}
    >
      <Button kind="primary" size="lg" onClick={tryNow}>
        {t("common.try_again")}
      </Button>
      {onClose ? (
        <CloseKey onClose={onClose} />
      ) : (
        <a className={buttonClass("default", "lg")} href="/">
          {t("sessions.front_page")}
        </a>
      )}
    </EndFrame>
  );
}
