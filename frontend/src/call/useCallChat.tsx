/** The chat of the call. Its code comes once one is in: nobody waits for it at the door. */

import { MessageSquare } from "lucide-react";
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { fullJitter } from "../api/backoff";
import type { StreamRelay } from "../api/streams";
import type { Participant } from "../api/types";
import type { SessionChat } from "../chat/session/sessionChat";
import { loadMessages } from "../i18n/load";
import { t } from "../i18n/translate";
import { showToast } from "../ui/toasts";

export type CallChat = {
  /** null: it is on its way. */
  session: SessionChat | null;
  unread: number;
  /** Asks anew for what did not come. */
  retry: () => void;
};

type Options = {
  offered: boolean;
  slug: string;
  relay: StreamRelay;
  me: Participant;
  /** One has opened it: it comes at once. */
  wanted: boolean;
  onWanted: () => void;
};

/** Milliseconds in which the call has the network for itself. */
const LATER = 2000;

export function useCallChat(options: Options): CallChat | null {
  const { offered, me, wanted } = options;
  const [session, setSession] = useState<SessionChat | null>(null);
  const [turn, setTurn] = useState(0);
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });

  const missing = offered && session === null;
  useEffect(() => {
    if (!missing) return;
    let left = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = () => {
      Promise.all([import("../chat/session/sessionChat"), loadMessages("chat")]).then(
        ([loaded]) => {
          if (!left) setSession(begin(loaded.SessionChat, latest));
        },
        () => {
          if (!left) timer = setTimeout(() => setTurn(turn + 1), fullJitter(turn + 2));
        },
      );
    };
    timer = setTimeout(load, wanted || turn > 0 ? 0 : LATER);
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [missing, wanted, turn]);

  useEffect(() => {
    if (!session) return;
    session.start();
    return () => session.stop();
  }, [session]);

  const hosts = me.role !== "participant";
  useEffect(() => {
    session?.source.setRights({ canModerate: hosts, canWrite: true });
  }, [session, hosts]);

  const subscribe = useCallback(
    (listener: () => void) => session?.subscribe(listener) ?? noop,
    [session],
  );
  const unread = useSyncExternalStore(subscribe, () => session?.getUnread() ?? 0);
  const retry = useCallback(() => setTurn((before) => before + 1), []);
  return offered ? { session, unread, retry } : null;
}

const noop = () => undefined;

type Current = { readonly current: Options };

function begin(Chat: typeof SessionChat, latest: Current): SessionChat {
  const { slug, relay, me } = latest.current;
  const open = () => latest.current.onWanted();
  return new Chat({
    slug,
    relay,
    me,
    canModerate: me.role !== "participant",
    onWanted: open,
    onNews: (words) =>
      showToast({
        key: "chat",
        words,
        icon: <MessageSquare size={18} aria-hidden="true" />,
        actions: [{ label: t("call.open_chat"), onChoose: open }],
      }),
  });
}
