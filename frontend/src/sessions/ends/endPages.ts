/** What each end page shows: its door, its words, and the ways on. */
import { t } from "../../i18n/translate";
import type { DoorState } from "../../ui/Door";
import type { EndReason } from "../types";

export type EndAct = "come_back" | "try_again" | "use_here" | "start_new" | "front_page";
export type EndWords = {
  door: DoorState;
  title: string;
  reason: string;
  /** The likely way first. */
  acts: readonly EndAct[];
};

type Kind = EndReason["kind"];

const ENDED_BY = {
  "": "sessions.end_ended",
  host_ended: "sessions.end_ended_host",
  empty: "sessions.end_ended_empty",
  abandoned: "sessions.end_ended_abandoned",
  expired: "sessions.end_expired",
  too_long: "sessions.end_ended_too_long",
} as const;

const PAGES: Record<Exclude<Kind, "ended">, () => EndWords> = {
  left: () => page("sea", "left", ["come_back", "front_page"]),
  expired: () => page("sea", "expired", ["start_new"]),
  full: () => page("full", "full", []),
  locked: () => page("shut", "locked", ["try_again", "front_page"]),
  members_only: () => page("shut", "members_only", ["front_page"]),
  not_found: () => page("outline", "not_found", ["front_page"]),
  other_tab: () => page("sea", "other_tab", ["use_here"]),
  media_unavailable: () => page("open", "media", []),
  unsupported: () => page("outline", "unsupported", []),
  insecure: () => page("outline", "insecure", []),
  removed: () => page("shut", "removed", ["front_page"]),
  banned: () => page("shut", "banned", ["front_page"]),
  offline: () => page("open", "offline", []),
  error: () => page("outline", "error", ["try_again", "front_page"]),
};

export function wordsOfEnd(end: EndReason): EndWords {
  return end.kind === "ended" ? endedPage(end) : PAGES[end.kind]();
}

type PageName =
  | Exclude<Kind, "ended" | "media_unavailable">
  /** Shorter than its kind. */
  | "media";

function page(door: DoorState, name: PageName, acts: readonly EndAct[]): EndWords {
  return { door, title: t(`sessions.end_${name}_title`), reason: t(`sessions.end_${name}`), acts };
}

function endedPage(end: EndReason & { kind: "ended" }): EndWords {
  const minutes = Math.round((end.seconds ?? 0) / 60);
  const lasted = minutes > 0 ? [t("sessions.end_lasted_minutes", { count: minutes })] : [];
  return {
    door: "sea",
    title: t("sessions.end_ended_title"),
    reason: [...lasted, t(ENDED_BY[end.reason])].join(" "),
    acts: ["start_new"],
  };
}
