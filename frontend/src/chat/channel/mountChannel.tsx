/** Draws a text channel into its place on the page, with what the server put beside it. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import type { StreamRelay } from "../../api/streams";
import { loadMessages } from "../../i18n/load";
import { channelApi, type ChatApi } from "../core/chatApi";
import { Conversation } from "../core/conversation";
import type { MessagePage } from "../core/types";
import { told } from "../parts/problemWords";
import { ChannelPage } from "./ChannelPage";

export type MountOptions = {
  relay: StreamRelay;
  go: (address: string) => void;
  heardUpTo: () => number;
  /** Meanwhile another page may have been opened. */
  isWanted: () => boolean;
};

export type Mounted = {
  /** The page around it was drawn anew: rights, name and topic may be others. */
  refresh: () => void;
  jumpTo: (id: string) => void;
  unmount: () => void;
};

/** What the server begins the page with; absent where it could not. */
type Opening = {
  space_id: string;
  me: { user_id: string; display_name: string };
  can_moderate: boolean;
  page: MessagePage;
};

export async function mountChannel(
  place: HTMLElement,
  options: MountOptions,
): Promise<Mounted | null> {
  await loadMessages("conversation", "chat");
  if (!options.isWanted()) return null;
  const { relay, go } = options;
  const opening = readOpening();
  const channelId = place.dataset.channelId ?? "";
  const spaceId = opening?.space_id ?? document.body.dataset.space ?? "";
  const source = new Conversation({
    api: withFirstPage(channelApi(channelId, spaceId), opening?.page, options.heardUpTo),
    relay,
    place: `channel ${channelId}`,
    channelId,
    me: opening?.me ?? { user_id: document.body.dataset.me },
    canModerate: canModerate(place),
    startAt: new URLSearchParams(location.search).get("message"),
  });
  source.start();
  const root = createRoot(place);
  const draw = () => {
    root.render(
      <StrictMode>
        <ChannelPage
          source={source}
          channelId={channelId}
          spaceId={spaceId}
          name={place.dataset.name ?? ""}
          topic={place.dataset.topic ?? ""}
          go={go}
        />
      </StrictMode>,
    );
  };
  draw();
  return {
    refresh: () => {
      source.setRights({ canModerate: canModerate(place), canWrite: true });
      draw();
    },
    jumpTo: (id) => void told(source.jumpTo(id)),
    unmount: () => {
      source.stop();
      root.unmount();
    },
  };
}

/**
 * The page that stands in the document already is the first one, unless something was written since:
 * the socket has told that before anybody listened here.
 */
function withFirstPage(
  api: ChatApi,
  page: MessagePage | undefined,
  heardUpTo: () => number,
): ChatApi {
  let first = page;
  return {
    ...api,
    list: (query) => {
      const known = first;
      first = undefined;
      const isLatest = !(
        "before" in query ||
        "after" in query ||
        "around" in query ||
        "since" in query
      );
      if (known && isLatest && known.offset >= heardUpTo()) return Promise.resolve(known);
      return api.list(query);
    },
  };
}

function readOpening(): Opening | null {
  const written = document.getElementById("channel-opening")?.textContent;
  return written ? (JSON.parse(written) as Opening) : null;
}

function canModerate(place: HTMLElement): boolean {
  return place.closest("[data-moderates]") !== null;
}
