/** Asks for a seat, and turns a refusal into an end page or into words beside the button. */
import { useState } from "react";

import { ProblemError } from "../../api/problem";
import { joinSession } from "../../api/sessions";
import type { JoinAnswer } from "../../api/types";
import { endOfRefusal } from "../ends/endOfRefusal";
import type { EndReason } from "../types";

export type JoinTrouble =
  | { kind: "offline" | "unavailable" | "not_admitted" }
  /** Milliseconds since 1970. */
  | { kind: "too_many"; until: number }
  | { kind: "name"; words: string };

/** Nothing at all where the person can mend it: then `trouble` says what. */
export type JoinOutcome =
  { answer: JoinAnswer; end?: undefined } | { answer?: undefined; end: EndReason } | undefined;

export function useJoin(slug: string) {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<JoinTrouble | null>(null);

  const join = async (displayName: string): Promise<JoinOutcome> => {
    setBusy(true);
    setTrouble(null);
    try {
      // Stays busy: the call is about to take the page.
      return { answer: await joinSession(slug, displayName) };
    } catch (error) {
      setBusy(false);
      const end = endOfRefusal(error);
      if (end) return { end };
      setTrouble(troubleOf(error));
      return undefined;
    }
  };
  return { busy, trouble, join, forget: () => setTrouble(null) };
}

function troubleOf(error: unknown): JoinTrouble {
  if (!(error instanceof ProblemError)) return { kind: "unavailable" };
  if (error.code === "offline") return { kind: "offline" };
  if (error.code === "not_admitted") return { kind: "not_admitted" };
  if (error.code === "rate_limited") {
    return { kind: "too_many", until: Date.now() + (error.retryAfter ?? 10) * 1000 };
  }
  const name = error.errors.find(({ pointer }) => pointer === "/display_name");
  return name ? { kind: "name", words: name.detail } : { kind: "unavailable" };
}
