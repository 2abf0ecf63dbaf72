/** What was found, page by page, while somebody changes what is looked for. */
import { useEffect, useState } from "react";

import { problemWords, told } from "../parts/problemWords";
import { isAsked, search, searchOn, type Found, type SearchAsked } from "./searchApi";

const SETTLES = 250;

export type Search = {
  /** null: nothing is looked for yet. */
  found: readonly Found[] | null;
  hasMore: boolean;
  busy: boolean;
  problem: string | null;
  more: () => void;
};

type Answer = { found: readonly Found[]; next: string | null };

export function useSearch(spaceId: string, asked: SearchAsked): Search {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { words, channelId, authorId, withFile } = asked;
  const wanted = isAsked(asked);
  if (!wanted && answer) setAnswer(null);

  useEffect(() => {
    const now = { words, channelId, authorId, withFile };
    if (!isAsked(now)) return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      setBusy(true);
      search(spaceId, now, stop.signal)
        .then(
          ({ results, next }) => {
            setAnswer({ found: results, next });
            setProblem(null);
          },
          (error: unknown) => {
            if (!stop.signal.aborted) setProblem(problemWords(error));
          },
        )
        .finally(() => {
          if (!stop.signal.aborted) setBusy(false);
        });
    }, SETTLES);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [spaceId, words, channelId, authorId, withFile]);

  const more = async (next: string) => {
    setBusy(true);
    const page = await searchOn(next);
    setAnswer((known) =>
      known?.next === next ? { found: [...known.found, ...page.results], next: page.next } : known,
    );
  };
  return {
    found: wanted && answer ? answer.found : null,
    hasMore: Boolean(answer?.next),
    busy: wanted && busy,
    problem: wanted ? problem : null,
    more: () => {
      if (answer?.next) void told(more(answer.next)).then(() => setBusy(false));
    },
  };
}
