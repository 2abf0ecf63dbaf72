/** The people that are offered while one writes a name after "@". */
import { useEffect, useState } from "react";

import { t } from "../../i18n/translate";
import type { ChatSource } from "../core/types";
import { mentionQuery, type MentionQuery } from "./mentionQuery";

const SETTLES = 120;

export type Candidate = {
  /** null: everybody. */
  userId: string | null;
  /** As it is written after the "@". */
  name: string;
  hint?: string;
  color: number;
  avatarUrl: string | null;
};

export type Mentions = {
  query: MentionQuery | null;
  candidates: readonly Candidate[];
  at: number;
  setAt: (place: number) => void;
  /** Chosen, or not wanted: no more for this name. */
  dismiss: () => void;
};

const NOBODY: readonly Candidate[] = [];

export function useMentions(source: ChatSource, text: string, caret: number): Mentions {
  const [found, setFound] = useState<{ query: string; candidates: readonly Candidate[] } | null>(
    null,
  );
  const [at, setAt] = useState(0);
  const [dismissed, setDismissed] = useState<number | null>(null);
  const asked = source.mentionable ? mentionQuery(text, caret) : null;
  const query = asked && asked.from !== dismissed ? asked : null;
  const words = query?.query ?? null;
  // The next name begins with nobody.
  if (words === null && found) setFound(null);
  if (!asked && dismissed !== null) setDismissed(null);

  useEffect(() => {
    if (words === null || !source.mentionable) return;
    const { mentionable } = source;
    let isWanted = true;
    const timer = setTimeout(() => {
      mentionable(words).then(
        ({ results, all }) => {
          if (!isWanted) return;
          setFound({
            query: words,
            candidates: [
              ...results.map((person) => ({
                userId: person.user_id,
                name: person.display_name,
                color: person.color,
                avatarUrl: person.avatar_url,
              })),
              ...everybody(words, all),
            ],
          });
          setAt(0);
        },
        () => setFound(null),
      );
    }, SETTLES);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [words, source]);

  // What was found for the letters before stays until the next answer, so that nothing flickers.
  const candidates = query && found ? found.candidates : NOBODY;
  return {
    query: candidates.length > 0 ? query : null,
    candidates,
    at: Math.min(at, Math.max(0, candidates.length - 1)),
    setAt,
    dismiss: () => setDismissed(asked?.from ?? null),
  };
}

function everybody(query: string, all: boolean): Candidate[] {
  if (!all || !"all".startsWith(query.toLowerCase())) return [];
  return [
    { userId: null, name: "all", hint: t("conversation.all_hint"), color: 0, avatarUrl: null },
  ];
}
