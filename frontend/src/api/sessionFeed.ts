/** Keeps a SessionStore in step with the server through the session's socket. */

import { fullJitter } from "./backoff";
import { ProblemError } from "./problem";
import { SessionStore } from "./sessionStore";
import { getSession, getTicket, listParticipants } from "./sessions";
import { TicketSocket } from "./socket";
import type { SocketEvent } from "./socket";
import { StreamRelay } from "./streams";
import type { Session } from "./types";

export type FeedOptions = {
  session: Session;
  /** Every event, after the store has taken it in. */
  onEvent: (event: SocketEvent) => void;
  /** Milliseconds that the person spoke since it was last asked. */
  takeSpokenTime?: () => number;
  /** The server no longer tells us about this session; ask it why. */
  onRefused: () => void;
};

export class SessionFeed {
  readonly store: SessionStore;
  /** What is written in the session. */
  readonly chat = new StreamRelay("chat");
  readonly #socket: TicketSocket;
  readonly #options: FeedOptions;
  readonly #slug: string;
  #reload: ReturnType<typeof setTimeout> | undefined;
  #stopped = true;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#slug = options.session.slug;
    this.store = new SessionStore(options.session);
    this.#socket = new TicketSocket({
      path: `/ws/sessions/${this.#slug}/`,
      getTicket,
      onStatus: this.chat.status,
      onLogged: this.chat.logged,
      onReset: this.chat.reset,
      takeSpokenTime: () => options.takeSpokenTime?.() ?? 0,
      onOpen: () => void this.#load(0),
      onEvent: (event) => {
        this.#take(event);
      },
      onRefused: options.onRefused,
    });
    this.#socket.setMicrophone(false);
  }

  start(): void {
    this.#stopped = false;
    this.#socket.start();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#reload);
    this.#socket.stop();
  }

  /** The network is known to be there again. */
  wake(): void {
    this.#socket.wake();
  }

  setMicrophone(on: boolean): void {
    this.#socket.setMicrophone(on);
  }

  #take(event: SocketEvent): void {
    if (event.event === "resync") {
      void this.#load(0);
      return;
    }
    this.store.apply(event);
    this.chat.passing(event);
    this.#options.onEvent(event);
  }

  async #load(attempt: number): Promise<void> {
    clearTimeout(this.#reload);
    try {
      await this.store.load(async () => {
        const [session, participants] = await Promise.all([
          getSession(this.#slug),
          listParticipants(this.#slug),
        ]);
        return { session, participants };
      });
    } catch (error) {
      this.#afterFailedLoad(error, attempt);
    }
  }

  #afterFailedLoad(error: unknown, attempt: number): void {
    if (this.#stopped) return;
    const status = error instanceof ProblemError ? error.status : 0;
    if (status >= 400 && status < 500 && status !== 429) {
      // Closed, so that another start opens it and loads anew.
      this.#socket.stop();
      this.#options.onRefused();
      return;
    }
    this.#reload = setTimeout(() => void this.#load(attempt + 1), fullJitter(attempt));
  }
}
