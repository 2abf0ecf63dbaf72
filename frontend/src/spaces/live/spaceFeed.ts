/** Keeps the page of a space true: what its socket pushes is drawn, what was missed is loaded. */

import { getTicket } from "../../api/sessions";
import { TicketSocket } from "../../api/socket";
import { forgetPresence } from "./hereNow";
import { PageReload } from "./reload";
import { drawSpaceEvent } from "./spaceEvents";

export type SpaceFeedOptions = {
  spaceId: string;
  onNew: (element: Element) => void;
  /** The page was drawn anew in place. */
  onDrawn: () => void;
  /** The page that is open is not there any more. */
  onGone: () => void;
  /** Whether one is still a member is to be asked over HTTP. */
  onRefused: () => void;
};

export class SpaceFeed {
  readonly #socket: TicketSocket;
  readonly #reload: PageReload;
  #heardAt = -Infinity;

  constructor({ spaceId, onNew, onDrawn, onGone, onRefused }: SpaceFeedOptions) {
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
      },
      // What happened between the page's making and this moment was not heard, the first time too.
      onOpen: () => this.#reload.ask(),
      onEvent: (event) => {
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
