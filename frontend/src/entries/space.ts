/** What every page in a space loads: the pages themselves, their news, and the door to a call. */
import "../ui/app.css";

import { previewPictures } from "../identity/previewPictures";
import { wearProfile } from "../identity/wearProfile";
import { configureApi } from "../api/client";
import { StreamRelay } from "../api/streams";
import { startChannels } from "../chat/channel/startChannels";
import { startDock } from "../dock/startDock";
import type { DockConfig, Place } from "../dock/types";
import { loadMessages } from "../i18n/load";
import { setLanguage, t } from "../i18n/translate";
import { alertOfNews, countMentions, countMentionsAlong } from "./mentions";
import { startLive } from "../spaces/live/start";
import { noteMessage } from "../spaces/live/unread";
import type { News } from "../spaces/live/wire";
import { enliven, openPage } from "../spaces/pages/htmx";
import { enhance, startPages } from "../spaces/pages/start";
import { startPlainToaster } from "../ui/plainToaster";
import { showToast } from "../ui/toasts";

const config = JSON.parse(
  document.getElementById("nonza-config")?.textContent ?? "{}",
) as DockConfig;
const place = document.getElementById("call-dock");

// htmx reads its settings before anything that is awaited.
startPages(config.csrf_cookie);
previewPictures(document);
wearProfile(document);
configureApi(config);
setLanguage(config.language);
await loadMessages("common", "spaces");
if (place && document.getElementById("sidebar")) {
  const stopToaster = startPlainToaster();
  const dock = startDock(place, config, stopToaster);
  const chat = new StreamRelay("chat");
  const channels = startChannels({
    relay: chat,
    userId: config.user_id,
    go: openPage,
    onMessage: noteMessage,
    onFailed: () =>
      showToast({ key: "chat", words: t("spaces.chat_failed"), tone: "bad", lasting: true }),
  });
  startLive({
    chat,
    onNew: enliven,
    onDrawn: () => {
      enhance();
      channels.look();
      countMentions();
    },
    enter: (news) => dock.enter(placeOf(news)),
    isInside: (news) => news.kind === "call.started" && dock.isIn(placeOf(news)),
    go: openPage,
    onNews: (news) => alertOfNews(news, openPage),
  });
  countMentionsAlong(chat);
}

/** Where a call is that somebody has begun. */
function placeOf({ content }: News): Place {
  const { channel_id: id, slug } = content;
  const name = content.title || content.space_name || "";
  if (!id) return { kind: "session", slug: slug ?? "", name };
  const doors = [...document.querySelectorAll<HTMLElement>("[data-enter-channel]")];
  const door = doors.find((found) => found.dataset.enterChannel === id);
  return { kind: "channel", id, name, camera: door?.dataset.type === "video" };
}
