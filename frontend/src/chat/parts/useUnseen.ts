/** How many messages of others have come below what one looks at. */
import { useMemo, useState } from "react";

import { isOwn, type ChatSnapshot } from "../core/types";

export function useUnseen(snapshot: ChatSnapshot, atEnd: boolean): number {
  const { items, me, newer } = snapshot;
  const [left, setLeft] = useState<number | null>(null);
  const top = useMemo(() => {
    const last = items.findLast((item) => item.state === "sent");
    return last?.state === "sent" ? last.message.offset : 0;
  }, [items]);
  // One leaves the end: what stands there now has been there to be seen.
  if (atEnd && left !== null) setLeft(null);
  else if (!atEnd && left === null) setLeft(top);
  if (atEnd || left === null) return 0;
  const below = items.filter(
    (item) =>
      item.state === "sent" && item.message.offset > left && !isOwn(me, item.message.author),
  );
  return below.length + newer;
}
