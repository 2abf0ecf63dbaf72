/** Brings the pages of a space to life: its news, one's own news, and the way out of a lost space. */
import { ProblemError } from "../../api/problem";
import { request } from "../../api/client";
import type { StreamRelay } from "../../api/streams";
import { t } from "../../i18n/translate";
import { showToast } from "../../ui/toasts";
import { MeFeed } from "./meFeed";
import { SpaceFeed } from "./spaceFeed";
import { toastOfNews } from "./newsToasts";
import type { News } from "./wire";

export type LiveOptions = {
  /** Hands on what is written in the channels of the open space. */
  chat: StreamRelay;
  /** Elements that the server drew anew, so that they come alive. */
  onNew: (element: Element) => void;
  /** The page was drawn anew in place. */
  onDrawn: () => void;
  /** Into the call that began, as its door would. */
  enter: (news: News) => void;
  /** Something new in the bell, beside the toast of it. */
  onNews?: (news: News) => void;
  /** Whether one is in that call already. */
  isInside: (news: News) => boolean;
  /** Opens another page of the space without loading everything anew. */
  go: (address: string) => void;
};

const NOT_ALLOWED_ANY_MORE = [403, 404];

export function startLive(options: LiveOptions): void {
  let feed: SpaceFeed | null = null;
  let spaceId = "";
  let askedAt = 0;
  const lost = new Set<string>();

  const leaveSpace = (id: string) => {
    if (id !== spaceId || lost.has(id)) return;
    lost.add(id);
    feed?.stop();
    const name = document.querySelector(".nz-switcher b")?.textContent.trim() ?? "";
    const words = name ? t("spaces.removed", { name }) : t("spaces.removed_nameless");
    showToast({ key: "space", words, lasting: true, urgency: "assertive" });
    options.go("/");
  };

  const leavePage = (id: string) => {
    // Who reads why a call is over, or that there is no such page, finishes that first.
    if (document.documentElement.dataset.dock === "large") feed?.reload();
    else if (!document.querySelector("#main .nz-end")) {
      showToast({ key: "gone", words: t("spaces.page_gone") });
      options.go(`/spaces/${id}/`);
    }
  };

  const follow = () => {
    const id = currentSpace();
    if (id === spaceId) return feed?.turned(askedAt);
    feed?.stop();
    spaceId = id;
    lost.delete(id);
    if (!id) return;
    feed = new SpaceFeed({
      spaceId: id,
      chat: options.chat,
      onNew: options.onNew,
      onDrawn: options.onDrawn,
      onGone: () => leavePage(id),
      onRefused: () => void askWhy(id, leaveSpace),
    });
    feed.start();
  };

  const me = new MeFeed({
    chat: options.chat,
    // The bell stands on the page, too.
    onMissed: () => feed?.reload(),
    onNews: (news) => {
      toastOfNews(news, { ...options, spaceId });
      options.onNews?.(news);
    },
    onSpaceRemoved: (id) => (id === spaceId ? leaveSpace(id) : feed?.reload()),
    onChanged: () => feed?.reload(),
  });
  follow();
  me.start();
  // Parts that a page loads by itself are no other page: what is to be loaded anew stays so.
  const onPage = (name: string, act: () => void) =>
    document.body.addEventListener(name, (event) => {
      if ((event as CustomEvent<{ boosted?: boolean } | null>).detail?.boosted) act();
    });
  const ask = () => {
    askedAt = Date.now();
  };
  onPage("htmx:beforeSend", ask);
  onPage("htmx:afterSettle", follow);
  document.body.addEventListener("htmx:historyCacheMiss", ask);
  document.body.addEventListener("htmx:historyRestore", follow);
}

function currentSpace(): string {
  return document.getElementById("sidebar")?.dataset.space ?? document.body.dataset.space ?? "";
}

/** The socket was refused; only a space that is no longer ours leads away from its page. */
async function askWhy(id: string, leaveSpace: (id: string) => void): Promise<void> {
  try {
    await request(`spaces/${id}/membership/`);
  } catch (error) {
    if (error instanceof ProblemError && NOT_ALLOWED_ANY_MORE.includes(error.status)) {
      leaveSpace(id);
    }
  }
}
