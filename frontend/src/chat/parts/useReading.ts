/** Tells how far one has come down the list; and what others write, to those who hear it. */
import { useEffect, useRef, type RefObject } from "react";

import { t } from "../../i18n/translate";
import { announce } from "../../ui/announcements";
import { plainWords } from "../core/markdown";
import { isOwn, type ChatSnapshot, type ChatSource } from "../core/types";
import { systemWords } from "./systemWords";

const SETTLES = 300;
const SPOKEN = 200;

export function useReading(
  box: RefObject<HTMLElement | null>,
  source: ChatSource,
  snapshot: ChatSnapshot,
): void {
  const { items } = snapshot;
  useEffect(() => {
    const view = box.current;
    const { markRead } = source;
    if (!view || !markRead) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let told = -1;
    const tell = () => {
      timer = undefined;
      const offset = lastInSight(view);
      if (offset === null || offset <= told) return;
      told = offset;
      markRead(offset);
    };
    const soon = () => {
      timer ??= setTimeout(tell, SETTLES);
    };
    soon();
    const off = source.subscribe(soon);
    view.addEventListener("scroll", soon, { passive: true });
    return () => {
      clearTimeout(timer);
      off();
      view.removeEventListener("scroll", soon);
    };
  }, [box, source]);

  const heard = useRef<number | null>(null);
  useEffect(() => {
    if (snapshot.loading === "first") return;
    const top = topOf(items);
    const since = heard.current;
    heard.current = Math.max(top, since ?? 0);
    // What was loaded is not news; neither is what lies after a place that one jumped to.
    if (since === null || top <= since || snapshot.hasAfter) return;
    for (const item of items) {
      if (item.state !== "sent" || item.message.offset <= since) continue;
      const { message } = item;
      if (message.kind === "system") {
        // Of people who come and go the call tells by itself.
        if (!message.code.startsWith("participant.")) announce(systemWords(message));
      } else if (!isOwn(snapshot.me, message.author) && !message.deleted_at) {
        const text = plainWords(message.text).slice(0, SPOKEN) || t("conversation.attachment");
        announce(t("conversation.said", { name: message.author?.display_name ?? "", text }));
      }
    }
  }, [items, snapshot.loading, snapshot.hasAfter, snapshot.me]);
}

function topOf(items: ChatSnapshot["items"]): number {
  for (let at = items.length - 1; at >= 0; at -= 1) {
    const item = items[at];
    if (item?.state === "sent") return item.message.offset;
  }
  return 0;
}

/** The last message that is in sight as a whole, or ends in sight. */
function lastInSight(view: HTMLElement): number | null {
  const { bottom, height } = view.getBoundingClientRect();
  if (height === 0) return null;
  const rows = [...view.querySelectorAll<HTMLElement>("[data-offset]")];
  const row = rows.findLast((one) => one.getBoundingClientRect().bottom <= bottom + 1);
  return row ? Number(row.dataset.offset) : null;
}
