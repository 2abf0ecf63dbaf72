/** A person's own news from all their spaces: the bell, toasts, and the loss of the space that is open. */

import { getTicket } from "../../api/sessions";
import { TicketSocket } from "../../api/socket";
import type { SocketEvent } from "../../api/socket";
import type { StreamRelay } from "../../api/streams";
import { showUnread } from "./bell";
import { noteRead, type ChannelRead } from "./unread";
import type { News } from "./wire";

export type MeFeedOptions = {
  /** Also after a reconnect, when some may have been missed. */
  onMissed: () => void;
  onNews: (news: News) => void;
  onSpaceRemoved: (spaceId: string) => void;
  /** One of one's spaces, or one's profile, looks different. */
  onChanged: () => void;
  /** Hears what was read in another tab. */
  chat: StreamRelay;
};

export class MeFeed {
  readonly #options: MeFeedOptions;
  readonly #socket: TicketSocket;

  constructor(options: MeFeedOptions) {
    this.#options = options;
    this.#socket = new TicketSocket({
      path: "/ws/me/",
      getTicket,
      onOpen: options.onMissed,
      onEvent: (event) => this.#take(event),
      // Logged out elsewhere: the next press says so.
      onRefused: () => undefined,
    });
  }

  start(): void {
    this.#socket.start();
  }

  stop(): void {
    this.#socket.stop();
  }

  #take({ event, payload }: SocketEvent): void {
    if (event === "notification.created") {
      const { notification, unread } = payload as { notification: News; unread: number };
      showUnread(unread);
      this.#options.onNews(notification);
    } else if (event === "notifications.read") {
      showUnread((payload as { unread: number }).unread);
    } else if (event === "channel.read") {
      noteRead(payload as ChannelRead);
      this.#options.chat.passing({ event, payload });
    } else if (event === "space.removed") {
      this.#options.onSpaceRemoved((payload as { space_id: string }).space_id);
    } else if (event === "resync") {
      this.#options.onMissed();
    } else if (["space.added", "space.changed", "profile.changed"].includes(event)) {
      this.#options.onChanged();
    }
  }
}
