/** Brings the pages of a space to life: its news, one's own news, and the way out of a lost space. */
import { ProblemError } from "../../api/problem";
import { request } from "../../api/client";
import { t } from "../../i18n/translate";
import { showToast } from "../../ui/toasts";
import { MeFeed } from "./meFeed";
import { SpaceFeed } from "./spaceFeed";
import { toastOfNews } from "./newsToasts";
import type { News } from "./wire";

export type LiveOptions = {
  /** Elements that the server drew anew, so that they come alive. */
  onNew: (element: Element) => void;
  /** The page was drawn anew in place. */
  onDrawn: () => void;
  /** Into the call that began, as its door would. */
  enter: (news: News) => void;
  /** Whether one is in that call already. */
  isInside: (news: News) => boolean;
  /** Opens another page of the space without loading everything anew. */
  go: (address: string) => void;
};

const NOT_ALLOWED_ANY_MORE = [403, 404];

export function startLive(options: LiveOptions): void {
  let feed: SpaceFeed | null = null;
  let spaceId = "";
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

  const follow = () => {
    const id = currentSpace();
    if (id === spaceId) return feed?.turned();
    feed?.stop();
    spaceId = id;
    lost.delete(id);
    if (!id) return;
    feed = new SpaceFeed({
      spaceId: id,
      onNew: options.onNew,
      onDrawn: options.onDrawn,
      onRefused: () => void askWhy(id, leaveSpace),
    });
    feed.start();
  };

  const me = new MeFeed({
    // The bell stands on the page, too.
    onMissed: () => feed?.reload(),
    onNews: (news) => toastOfNews(news, { ...options, spaceId }),
    onSpaceRemoved: (id) => (id === spaceId ? leaveSpace(id) : feed?.reload()),
    onChanged: () => feed?.reload(),
  });
  follow();
  me.start();
  for (const turned of ["htmx:afterSettle", "htmx:historyRestore"]) {
    document.body.addEventListener(turned, follow);
  }
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
