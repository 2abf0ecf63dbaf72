/** Which call a person goes to from the pages of a space, and how far they have come. */

import type { CallToken, JoinAnswer } from "../api/types";
import type { EndReason, JoinChoice } from "../sessions/types";

export type Place =
  | { kind: "channel"; id: string; name: string; camera: boolean }
  | { kind: "session"; slug: string; name: string };

export type DockStep =
  | { at: "none" }
  | { at: "entering"; place: Place }
  | {
      at: "call";
      place: Place;
      choice: JoinChoice;
      answer: JoinAnswer;
      firstToken: Promise<CallToken>;
      /** Milliseconds since 1970. */
      since: number;
    }
  | { at: "end"; place: Place; end: EndReason; slug: string | null };

export type DockState = {
  step: DockStep;
  expanded: boolean;
  /** Where one wants to go from the call that one is in; it is asked for first. */
  wanted: Place | null;
  /** Counts the pages that have been opened beside the call. */
  page: number;
};

/** What the page of a space says of itself, for the call. */
export type DockConfig = {
  language: "en" | "ru";
  csrf_cookie: string;
  api: string;
  /** null: nobody is logged in. */
  user_id: string | null;
  display_name: string;
  media_available: boolean;
  blur_model: string | null;
  /** Whether people can write to each other here. */
  chat: boolean;
};

export function samePlace(one: Place, other: Place): boolean {
  if (one.kind === "channel") return other.kind === "channel" && other.id === one.id;
  return other.kind === "session" && other.slug === one.slug;
}
