/** Tells, in passing, of a call that ended while one was looking at something else. */
import { t } from "../i18n/translate";
import { wordsOfEnd, type EndAct } from "../sessions/ends/endPages";
import type { EndReason } from "../sessions/types";
import { showToast } from "../ui/toasts";

const WAYS = {
  come_back: "sessions.come_back",
  try_again: "common.try_again",
  use_here: "sessions.use_here",
} as const;
/** Their end pages try again by themselves; a toast waits to be asked. */
const WAITING: readonly EndReason["kind"][] = ["full", "offline", "media_unavailable"];

export function tellEnd(end: EndReason, name: string, again: () => void): void {
  const { title, acts } = wordsOfEnd(end);
  const way = WAITING.includes(end.kind) ? "try_again" : acts.find(isWay);
  showToast({
    key: "call-end",
    words: `${name}: ${title}`,
    lasting: way !== undefined,
    urgency: "assertive",
    ...(way ? { actions: [{ label: t(WAYS[way]), onChoose: again }] } : {}),
  });
}

function isWay(act: EndAct): act is keyof typeof WAYS {
  return act in WAYS;
}
