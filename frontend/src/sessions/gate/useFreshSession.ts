/** Looks again while a session is full or locked, so that its gate opens by itself. */
import { useEffect, useEffectEvent, useState } from "react";

import { getSession } from "../../api/sessions";
import type { Session } from "../../api/types";
import { endOfRefusal } from "../ends/endOfRefusal";
import { endOfSession } from "../ends/endOfSession";
import type { EndReason } from "../types";

const EVERY = 8000;

export function useFreshSession(given: Session, onEnd: (end: EndReason) => void): Session {
  const [session, setSession] = useState(given);
  const closed = session.full || session.locked;
  const fresh = useEffectEvent((answer: Session) => {
    const end = endOfSession(answer);
    if (end) onEnd(end);
    else setSession(answer);
  });
  const refused = useEffectEvent((error: unknown) => {
    const end = endOfRefusal(error);
    if (end) onEnd(end);
  });
  useEffect(() => {
    if (!closed) return;
    const timer = setInterval(() => {
      getSession(given.slug).then(fresh, refused);
    }, EVERY);
    return () => clearInterval(timer);
  }, [closed, given.slug]);
  return session;
}
