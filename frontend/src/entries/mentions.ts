/** Tells of mentions in text channels where the page itself is out of sight: in its title, by the browser. */

import type { StreamRelay } from "../api/streams";
import { alertOf } from "../chat/core/mentionAlerts";
import { setTitleCount } from "../chat/core/titleBadge";
import { t } from "../i18n/translate";
import { mentionsHere } from "../spaces/live/unread";
import type { News } from "../spaces/live/wire";

/** The sidebar shows another number: so does the title. */
export function countMentions(): void {
  setTitleCount("mentions", mentionsHere());
}

export function countMentionsAlong(relay: StreamRelay): void {
  // Whoever draws the sidebar hears the same, and is not later than this.
  const soon = () => queueMicrotask(countMentions);
  relay.follow({
    onLogged: soon,
    onPassing: soon,
    onReset: () => undefined,
    onStatus: () => undefined,
  });
  for (const turned of ["htmx:afterSettle", "htmx:historyRestore"]) {
    document.body.addEventListener(turned, soon);
  }
  countMentions();
}

export function alertOfNews({ kind, content }: News, go: (address: string) => void): void {
  if (kind !== "message.mentioned") return;
  const channelId = content.channel_id ?? "";
  alertOf({
    title: t("spaces.mention_alert", {
      name: content.display_name ?? "",
      channel: content.channel_name ?? "",
    }),
    body: content.text ?? "",
    tag: `mention ${channelId}`,
    onPress: () => go(`/channels/${channelId}/?message=${content.message_id ?? ""}`),
  });
}
