/** The people of the space whose name begins as it is written. */
import { useEffect, useState } from "react";

import type { ChatSource } from "../core/types";
import type { Candidate } from "../parts/useMentions";

const SETTLES = 150;
const NOBODY: readonly Candidate[] = [];

/** `query` null: nobody is looked for. */
export function useCandidates(source: ChatSource, query: string | null): readonly Candidate[] {
  const [found, setFound] = useState(NOBODY);
  useEffect(() => {
    if (query === null || !source.mentionable) return;
    const { mentionable } = source;
    let isWanted = true;
    const timer = setTimeout(() => {
      mentionable(query.trim()).then(
        ({ results }) => {
          if (isWanted) setFound(results.map(candidateOf));
        },
        () => {
          if (isWanted) setFound(NOBODY);
        },
      );
    }, SETTLES);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [source, query]);
  return found;
}

function candidateOf(person: {
  user_id: string;
  display_name: string;
  color: number;
  avatar_url: string | null;
}): Candidate {
  return {
    userId: person.user_id,
    name: person.display_name,
    color: person.color,
    avatarUrl: person.avatar_url,
  };
}
