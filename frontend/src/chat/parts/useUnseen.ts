/** How many messages of others have come since one was at the end. */
import { useMemo, useState } from "react";

import { isOwn, type ChatSnapshot } from "../core/types";

export function useUnseen(snapshot: ChatSnapshot, atEnd: boolean): number {
  const { items, me, newer, hasAfter } = snapshot;
  /** The last message that one was beside; null: one came in the middle, and has not been there. */
  const [seen, setSeen] = useState<number | null>(null);
  const top = useMemo(() => {
    const last = items.findLast((item) => item.state === "sent");
    return last?.state === "sent" ? last.message.offset : 0;
  }, [items]);
  if (atEnd && !hasAfter && top > (seen ?? -1)) setSeen(top);
  if (atEnd || seen === null) return atEnd ? 0 : newer;
  const below = items.filter(
    (item) =>
      item.state === "sent" && item.message.offset > seen && !isOwn(me, item.message.author),
  );
  return below.length + newer;
}
