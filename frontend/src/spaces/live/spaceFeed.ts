/** Keeps the page of a space true: what its socket pushes is drawn, what was missed is loaded. */

import { getTicket } from "../../api/sessions";
import { TicketSocket } from "../../api/socket";
import type { StreamRelay } from "../../api/streams";
import { forgetPresence } from "./hereNow";
import { PageReload } from "./reload";
import { drawSpaceEvent } from "./spaceEvents";

export type SpaceFeedOptions = {
  spaceId: string;
  /** Follows what is written in the space's channels; nothing of it loads the page anew. */
  chat: StreamRelay;
  onNew: (element: Element) => void;
  /** The page was drawn anew in place. */
  onDrawn: () => void;
  /** The page that is open is not there any more. */
  onGone: () => void;
  /** Whether one is still a member is to be asked over HTTP. */
  onRefused: () => void;
};

/** Of conversations, and past before a page could be loaded. */
const PASSING = ["typing.started"];

export class SpaceFeed {
  readonly #socket: TicketSocket;
  readonly #reload: PageReload;
  #heardAt = -Infinity;

  constructor({ spaceId, chat, onNew, onDrawn, onGone, onRefused }: SpaceFeedOptions) {
    this.#reload = new PageReload({
      onNew,
      onGone,
      onLoaded: () => {
        forgetPresence();
        onDrawn();
      },
    });
    this.#socket = new TicketSocket({
      path: `/ws/spaces/${spaceId}/`,
      getTicket,
      onStatus: (status) => {
        document.documentElement.dataset.live = status;
        chat.status(status);
      },
      onLogged: chat.logged,
      onReset: chat.reset,
      // What happened between the page's making and this moment was not heard, the first time too.
      onOpen: () => this.#reload.ask(),
      onEvent: (event) => {
        if (PASSING.includes(event.event)) {
          chat.passing(event);
          return;
        }
        this.#heardAt = Date.now();
        if (event.event === "resync") this.#reload.ask();
        else
          this.#reload.draw(() => {
            if (!drawSpaceEvent(event)) this.#reload.ask();
          });
      },
      onRefused,
    });
  }

  start(): void {
    this.#socket.start();
  }

  stop(): void {
    this.#socket.stop();
    this.#reload.stop();
  }

  /** Something changed that only the server can draw. */
  reload(): void {
    this.#reload.ask();
  }

  /** Another page of the space was opened; what was heard since it was asked for may not be on it. */
  turned(askedAt: number): void {
    forgetPresence();
    this.#reload.forget();
    if (this.#heardAt >= askedAt) this.#reload.ask();
  }
}
