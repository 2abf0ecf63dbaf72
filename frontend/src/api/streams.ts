/** Streams whose events carry `(epoch, offset)`: each is heard once and in order, or loaded anew. */

import type { SocketEvent, SocketStatus } from "./socket";

export type Position = { epoch: string; offset: number };
export type Positions = Record<string, Position>;

/** An event of a log. */
export type LoggedEvent = SocketEvent & Position & { stream: string };

/** Where the server says that its streams stand, and whether what we missed follows at once. */
export type Welcome = Record<string, Position & { recovered: boolean }>;

/** What one page hears of a stream, and of the socket that carries it. */
export type StreamListener = {
  /** Each event once, in the log's order. */
  onLogged: (event: LoggedEvent) => void;
  /** What was missed does not follow: it must be loaded. Live events go on after this position. */
  onReset: (position: Position | null) => void;
  /** Events without an offset: who writes just now, say. */
  onPassing: (event: SocketEvent) => void;
  onStatus: (status: SocketStatus) => void;
};

export function isLogged(frame: SocketEvent): frame is LoggedEvent {
  return "stream" in frame;
}

/** How far a socket has heard its streams. */
export class StreamCursors {
  readonly #heard = new Map<string, Position>();

  /** For the hello; nothing of streams that were not heard yet. */
  positions(): { positions?: Positions } {
    return this.#heard.size > 0 ? { positions: Object.fromEntries(this.#heard) } : {};
  }

  /** Takes the answer to the hello; `onReset` hears of the streams that must be loaded anew. */
  welcome(answer: Welcome, onReset: (stream: string, position: Position) => void): void {
    for (const [stream, { epoch, offset, recovered }] of Object.entries(answer)) {
      if (recovered && this.#heard.has(stream)) continue;
      this.#heard.set(stream, { epoch, offset });
      onReset(stream, { epoch, offset });
    }
  }

  /** The next event moves the cursor; one that we have is "seen"; after a "gap" one must ask anew. */
  take({ stream, epoch, offset }: LoggedEvent): "next" | "seen" | "gap" {
    const heard = this.#heard.get(stream);
    if (heard && (heard.epoch !== epoch || offset > heard.offset + 1)) return "gap";
    if (heard && offset <= heard.offset) return "seen";
    this.#heard.set(stream, { epoch, offset });
    return "next";
  }

  /** The server has lost the thread; the next event says where it goes on. */
  forget(stream: string): void {
    this.#heard.delete(stream);
  }

  /** Whether the server has said more than we have heard. */
  isBehind(server: Positions): boolean {
    return Object.entries(server).some(([stream, { epoch, offset }]) => {
      const heard = this.#heard.get(stream);
      return heard !== undefined && (heard.epoch !== epoch || heard.offset < offset);
    });
  }
}

/** Hands one stream on to those parts of a page that follow it, from whichever socket carries it. */
export class StreamRelay {
  readonly stream: string;
  readonly #listeners = new Set<StreamListener>();
  #status: SocketStatus = "connecting";

  constructor(stream: string) {
    this.stream = stream;
  }

  /** Follows from now on; the listener loads by itself what was before. Gives back how to stop. */
  follow(listener: StreamListener): () => void {
    this.#listeners.add(listener);
    listener.onStatus(this.#status);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  logged = (event: LoggedEvent): void => {
    if (event.stream === this.stream) this.#each((listener) => listener.onLogged(event));
  };

  reset = (stream: string, position: Position | null): void => {
    if (stream === this.stream) this.#each((listener) => listener.onReset(position));
  };

  passing = (event: SocketEvent): void => {
    this.#each((listener) => listener.onPassing(event));
  };

  status = (status: SocketStatus): void => {
    this.#status = status;
    this.#each((listener) => listener.onStatus(status));
  };

  #each(tell: (listener: StreamListener) => void): void {
    for (const listener of [...this.#listeners]) tell(listener);
  }
}
