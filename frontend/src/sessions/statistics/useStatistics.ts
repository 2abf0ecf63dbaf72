/** A session's statistics, loaded now and, while it lasts, again and again. */
import { useEffect, useState } from "react";

import { getStatistics } from "../../api/sessions";
import type { Statistics } from "../../api/types";

const AGAIN_AFTER = 15_000;

export type Loading = { statistics: Statistics | null; failed: boolean };

export function useStatistics(slug: string, live: boolean): Loading {
  const [loading, setLoading] = useState<Loading>({ statistics: null, failed: false });
  useEffect(() => {
    const over = new AbortController();
    const load = () =>
      getStatistics(slug, over.signal).then(
        (statistics) => setLoading({ statistics, failed: false }),
        () => {
          if (!over.signal.aborted) setLoading((before) => ({ ...before, failed: true }));
        },
      );
    void load();
    const again = live ? setInterval(() => void load(), AGAIN_AFTER) : undefined;
    return () => {
      over.abort();
      clearInterval(again);
    };
  }, [slug, live]);
  return loading;
}
