/** Finds the place of a text channel on the page, and loads what draws it there. */

import type { LoggedEvent, StreamRelay } from "../../api/streams";
import { isLooking } from "../core/readMarks";
import type { Message } from "../core/types";
import type { Mounted } from "./mountChannel";

export type ChannelsOptions = {
  relay: StreamRelay;
  userId: string | null;
  /** Opens another page of the space. */
  go: (address: string) => void;
  /** Somebody else has written in a channel of the space. */
  onMessage: (
    message: { channel_id: string; offset: number },
    how: { mentioned: boolean; looking: boolean },
  ) => void;
  /** It could not be loaded. */
  onFailed: () => void;
};

export type Channels = {
  /** The page is another one, or was drawn anew. */
  look: () => void;
};

export function startChannels(options: ChannelsOptions): Channels {
  const { relay, userId, onMessage, onFailed } = options;
  /** How far the page has heard the space's log: an older first page would leave a hole. */
  let heard = -1;
  let place: HTMLElement | null = null;
  let mounted: Mounted | null = null;

  const hear = ({ event, payload, offset }: LoggedEvent) => {
    heard = Math.max(heard, offset);
    if (event !== "message.created") return;
    const message = payload as Message;
    if (!message.channel_id || message.kind !== "user") return;
    if (message.author?.user_id === userId) return;
    const mentioned =
      message.mentions_all || message.mentions.some((named) => named.user_id === userId);
    const looking = message.channel_id === place?.dataset.channelId && isLooking();
    onMessage({ channel_id: message.channel_id, offset }, { mentioned, looking });
  };
  relay.follow({
    onLogged: hear,
    onReset: (position) => {
      heard = Math.max(heard, position?.offset ?? -1);
    },
    onPassing: () => undefined,
    onStatus: () => undefined,
  });

  const draw = async (at: HTMLElement) => {
    try {
      const { mountChannel } = await import("./mountChannel");
      const made = await mountChannel(at, {
        relay,
        go: options.go,
        heardUpTo: () => heard,
        isWanted: () => place === at,
      });
      if (place === at) mounted = made;
      else made?.unmount();
    } catch {
      if (place !== at) return;
      place = null;
      onFailed();
    }
  };

  const look = () => {
    const now = document.querySelector<HTMLElement>("#channel-chat[data-island]");
    if (now === place) {
      mounted?.refresh();
      return;
    }
    mounted?.unmount();
    mounted = null;
    place = now;
    if (now) void draw(now);
  };

  // On its way down: the link itself would lead to another page.
  const follow = (event: MouseEvent) => {
    const id = messageOf(event, place);
    if (!id || !mounted) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    mounted.jumpTo(id);
  };
  document.addEventListener("click", follow, { capture: true });
  for (const turned of ["htmx:afterSettle", "htmx:historyRestore"]) {
    document.body.addEventListener(turned, look);
  }
  look();
  return { look };
}

/** The message of this very channel that a pressed link leads to. */
function messageOf(event: MouseEvent, place: HTMLElement | null): string | null {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return null;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link || !place || link.target === "_blank") return null;
  const { origin, pathname, searchParams } = new URL(link.href, location.href);
  const here = `/channels/${place.dataset.channelId ?? ""}/`;
  return origin === location.origin && pathname === here ? searchParams.get("message") : null;
}
