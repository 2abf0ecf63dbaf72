/** Tells a person's news in passing; the bell keeps it. */
import { t } from "../../i18n/translate";
import { showToast } from "../../ui/toasts";
import type { ToastAction } from "../../ui/toasts";
import type { News } from "./wire";

export type NewsOptions = {
  /** The space that is open. */
  spaceId: string;
  enter: (news: News) => void;
  /** Whether one is in the call already that it tells of. */
  isInside: (news: News) => boolean;
  go: (address: string) => void;
};

type Told = { words: string; actions?: ToastAction[] };

export function toastOfNews(news: News, options: NewsOptions): void {
  if (options.isInside(news)) return;
  const told = wordsOf(news, options);
  const about = news.content.channel_id ?? news.space_id ?? "";
  if (told) showToast({ key: `news ${news.kind} ${about}`, ...told });
}

function wordsOf(news: News, { spaceId, enter, go }: NewsOptions): Told | null {
  const { content } = news;
  const name = content.display_name ?? "";
  const place = content.space_name ?? "";
  switch (news.kind) {
    case "call.started": {
      const join = { label: t("spaces.join"), primary: true, onChoose: () => enter(news) };
      return {
        words: t("spaces.call_started", { name, place: content.title || place }),
        actions: [join],
      };
    }
    case "message.mentioned": {
      const channel = content.channel_name ?? "";
      const address = `/channels/${content.channel_id ?? ""}/?message=${content.message_id ?? ""}`;
      const show = { label: t("spaces.show"), primary: true, onChoose: () => go(address) };
      const words = content.mentioned === "all" ? "spaces.mentioned_all" : "spaces.mentioned";
      return {
        words: t(words, { name, channel, text: content.text ?? "" }),
        actions: [show],
      };
    }
    case "message.reported": {
      const address = `/spaces/${news.space_id ?? ""}/reports/`;
      const look = { label: t("spaces.show"), primary: true, onChoose: () => go(address) };
      return {
        words: t("spaces.reported", { name, place: content.place ?? "" }),
        actions: news.space_id ? [look] : [],
      };
    }
    case "space.added": {
      const open = {
        label: t("spaces.open"),
        onChoose: () => go(`/spaces/${news.space_id ?? ""}/`),
      };
      return { words: t("spaces.added", { name: place }), actions: news.space_id ? [open] : [] };
    }
    case "space.removed":
      // The open one has said so itself, and led away.
      return content.space_id === spaceId ? null : { words: t("spaces.removed", { name: place }) };
    case "space.deleted":
      return { words: t("spaces.deleted", { name: place }) };
    case "space.renamed":
      return { words: t("spaces.renamed", { before: content.name_before ?? "", place }) };
    case "space.role_changed":
      return { words: t("spaces.role_changed", { place }) };
    case "invitation.accepted":
      return { words: t("spaces.invitation_accepted", { name, place }) };
    default:
      return null;
  }
}
