/** Every seat is taken: looks again by itself, and lets the person in when one is free. */
import { useState } from "react";

import type { Session } from "../../api/types";
import { t } from "../../i18n/translate";
import { Button } from "../../ui/Button";
import type { DoorState } from "../../ui/Door";
import { EndFrame } from "./EndFrame";
import { useRetrying, type Retrying } from "./useRetrying";

const EVERY = 8;

type WaitForSeatProps = {
  door: DoorState;
  title: string;
  session: Session | null;
  onTry: () => Promise<void> | void;
  /** In a dock: who waits no more goes back to the page beside it. */
  onClose: (() => void) | undefined;
};

export function WaitForSeat({ door, title, session, onTry, onClose }: WaitForSeatProps) {
  const [waiting, setWaiting] = useState(true);
  const retrying = useRetrying(onTry, EVERY, waiting);
  const seats = session?.max_participants ?? null;
  return (
    <EndFrame
      door={door}
      title={title}
      reason={
        seats === null ? t("sessions.end_full") : t("sessions.end_full_seats", { count: seats })
      }
      note={noteOf(retrying, waiting)}
      docked={onClose !== undefined}
    >
      {waiting ? (
        <>
          <Button kind="primary" size="lg" onClick={retrying.tryNow}>
            {t("sessions.try_now")}
          </Button>
          <Button size="lg" onClick={onClose ?? (() => setWaiting(false))}>
            {t("sessions.stop_waiting")}
          </Button>
        </>
      ) : (
        <>
          <Button kind="primary" size="lg" onClick={() => setWaiting(true)}>
            {t("sessions.keep_waiting")}
          </Button>
          <Button size="lg" onClick={retrying.tryNow}>
            {t("sessions.try_now")}
          </Button>
        </>
      )}
    </EndFrame>
  );
}

function noteOf({ seconds, trying }: Retrying, waiting: boolean): string {
  if (trying) return t("sessions.looking_now");
  if (!waiting || seconds === null) return t("sessions.looking_stopped");
  return t("sessions.looking_in", { seconds });
}
