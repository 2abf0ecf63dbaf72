/** A socket of ours: opens with a ticket, keeps a heartbeat both ways, comes back by itself. */

import { fullJitter } from "./backoff";
import { ProblemError } from "./problem";
import { isLogged, StreamCursors } from "./streams";
import type { LoggedEvent, Position, Positions, Welcome } from "./streams";

export type SocketStatus = "connecting" | "open" | "waiting" | "stopped";

export type SocketEvent = { event: string; payload: unknown };

export type SocketOptions = {
  /** "/ws/sessions/{slug}/", say; the ticket names the same path. */
  path: string;
  getTicket: (path: string) => Promise<string>;
  onStatus?: (status: SocketStatus) => void;
  /** The hello was answered: what was missed meanwhile must be loaded now. */
  onOpen: () => void;
  onEvent: (event: SocketEvent) => void;
  /** The events of streams, each once and in order. */
  onLogged?: (event: LoggedEvent) => void;
  /** A stream cannot be continued: it is to be loaded, and goes on live after the position. */
  onReset?: (stream: string, position: Position | null) => void;
  /** Milliseconds that the person spoke since it was last asked; told with each heartbeat. */
  takeSpokenTime?: () => number;
  /** The server will not have us: 4401 sign in, 4403 not allowed. Nothing is tried again. */
  onRefused: (code: number) => void;
};

const SIGN_IN = 4401;
const NOT_ALLOWED = 4403;
const TOO_SLOW = 4408;
const DRAINING = 4412;
const HELLO_LIMIT = 10_000;
/** Below the 30 s for which a ticket is good. */
const TICKET_KEPT = 20_000;
/** What a heartbeat knows more than we do may still be on its way for so long. */
const IN_FLIGHT = 2_000;
/** Refusals of the ticket that no later try can turn. */
const FINAL_STATUSES = new Map([
  [401, SIGN_IN],
  [403, NOT_ALLOWED],
  [404, NOT_ALLOWED],
  [410, NOT_ALLOWED],
]);

type Hello = { heartbeat_seconds: number; positions?: Welcome };

export class TicketSocket {
  #options: SocketOptions;
  readonly #cursors = new StreamCursors();
  #socket: WebSocket | null = null;
  #status: SocketStatus = "stopped";
  #attempt = 0;
  /** A ticket whose socket never opened: while a server is away, a crowd need not get one for each try. */
  #unused: { ticket: string; at: number } | null = null;
  #isSecondTry = false;
  /** Counts the tries to open: of two only the later one goes on. */
  #turn = 0;
  #heartbeatSeconds = 15;
  /** null on sockets that do not tell of it. */
  #microphoneOn: boolean | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  #behind: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SocketOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#status !== "stopped") return;
    addEventListener("online", this.#comeBackNow);
    void this.#connect();
  }

  /** Closes for good. Safe to call again. */
  stop(): void {
    removeEventListener("online", this.#comeBackNow);
    this.#unused = null;
    this.#drop();
    this.#setStatus("stopped");
  }

  /** The network is known to be there: who waits to come back comes now. */
  wake(): void {
    if (this.#status !== "waiting") return;
    clearTimeout(this.#retry);
    void this.#connect();
  }

  /** The heartbeat carries one's own microphone; a change is told at once. */
  setMicrophone(on: boolean): void {
    if (on === this.#microphoneOn) return;
    this.#microphoneOn = on;
    if (this.#status === "open") this.#sendHeartbeat();
  }

  async #connect(): Promise<void> {
    this.#setStatus("connecting");
    this.#turn += 1;
    const turn = this.#turn;
    this.#isSecondTry = this.#unused !== null && Date.now() - this.#unused.at < TICKET_KEPT;
    try {
      if (!this.#isSecondTry || this.#unused === null) {
        const ticket = await this.#options.getTicket(this.#options.path);
        this.#unused = { ticket, at: Date.now() };
      }
      if (turn === this.#turn) this.#open(this.#unused.ticket);
    } catch (error) {
      if (turn === this.#turn) this.#afterRefusedTicket(error);
    }
  }

  #afterRefusedTicket(error: unknown): void {
    const problem = error instanceof ProblemError ? error : null;
    const final = FINAL_STATUSES.get(problem?.status ?? 0);
    if (final !== undefined) this.#refuse(final);
    else this.#retryIn(Math.max(this.#nextDelay(), (problem?.retryAfter ?? 0) * 1000));
  }

  #open(ticket: string): void {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}${this.#options.path}`);
    this.#socket = socket;
    this.#expectFrameWithin(HELLO_LIMIT);
    socket.onopen = () => {
      this.#unused = null;
      socket.send(JSON.stringify({ type: "hello", ticket, ...this.#cursors.positions() }));
    };
    socket.onmessage = (message: MessageEvent<string>) => {
      if (socket === this.#socket) this.#read(message.data);
    };
    socket.onclose = (closed) => {
      if (socket === this.#socket) this.#afterClose(closed.code, waitAskedFor(closed.reason));
    };
  }

  #read(text: string): void {
    const frame = JSON.parse(text) as SocketEvent;
    if (frame.event === "hello") this.#welcome(frame.payload as Hello);
    this.#expectFrameWithin(this.#status === "open" ? this.#heartbeatSeconds * 2000 : HELLO_LIMIT);
    if (isLogged(frame)) this.#takeLogged(frame);
    else if (frame.event === "heartbeat") this.#compare(frame.payload as { positions?: Positions });
    else if (frame.event === "stream.reset") this.#forget(frame.payload as { stream: string });
    else if (frame.event !== "hello") this.#options.onEvent(frame);
  }

  #takeLogged(event: LoggedEvent): void {
    const found = this.#cursors.take(event);
    if (found === "next") this.#options.onLogged?.(event);
    else if (found === "gap") this.#reopen();
  }

  #forget({ stream }: { stream: string }): void {
    this.#cursors.forget(stream);
    this.#options.onReset?.(stream, null);
  }

  /** The last event before a silence can be lost, too. */
  #compare({ positions = {} }: { positions?: Positions }): void {
    if (this.#behind !== undefined || !this.#cursors.isBehind(positions)) return;
    this.#behind = setTimeout(() => {
      this.#behind = undefined;
      if (this.#cursors.isBehind(positions)) this.#reopen();
    }, IN_FLIGHT);
  }

  /** Asks for what is missing: the hello says how far we are. */
  #reopen(): void {
    this.#drop();
    this.#retryIn(this.#nextDelay());
  }

  #welcome(hello: Hello): void {
    this.#heartbeatSeconds = hello.heartbeat_seconds;
    this.#attempt = 0;
    this.#setStatus("open");
    this.#sendHeartbeat();
    clearInterval(this.#heartbeat);
    this.#heartbeat = setInterval(() => {
      this.#sendHeartbeat();
    }, hello.heartbeat_seconds * 1000);
    this.#options.onOpen();
    this.#cursors.welcome(hello.positions ?? {}, (stream, position) => {
      this.#options.onReset?.(stream, position);
    });
  }

  #sendHeartbeat(): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    const spoken = this.#options.takeSpokenTime?.() ?? 0;
    const speech = spoken > 0 ? { spoken_ms: spoken } : {};
    const microphone = this.#microphoneOn === null ? {} : { microphone_on: this.#microphoneOn };
    const frame = { type: "heartbeat", ...microphone, ...speech };
    this.#socket.send(JSON.stringify(frame));
  }

  /** A socket that stays silent for two heartbeats is lost, whatever the browser believes. */
  #expectFrameWithin(milliseconds: number): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.#reopen();
    }, milliseconds);
  }

  #afterClose(code: number, wait: number): void {
    this.#drop();
    // A store that was started again knows no older ticket: that says nothing about who we are.
    if (code === SIGN_IN && this.#isSecondTry) this.#retryIn(this.#nextDelay());
    else if (code === SIGN_IN || code === NOT_ALLOWED) this.#refuse(code);
    else if (code === TOO_SLOW || code === DRAINING)
      this.#retryIn(Math.max(wait, wait ? this.#nextDelay() : fullJitter(3)));
    else this.#retryIn(this.#nextDelay());
  }

  #refuse(code: number): void {
    this.stop();
    this.#options.onRefused(code);
  }

  #retryIn(milliseconds: number): void {
    if (this.#status === "stopped") return;
    this.#setStatus("waiting");
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#connect(), milliseconds);
  }

  #nextDelay(): number {
    const delay = fullJitter(this.#attempt);
    this.#attempt += 1;
    return delay;
  }

  #comeBackNow = (): void => this.wake();

  #drop(): void {
    this.#turn += 1;
    clearTimeout(this.#retry);
    clearTimeout(this.#silence);
    clearTimeout(this.#behind);
    this.#behind = undefined;
    clearInterval(this.#heartbeat);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #setStatus(status: SocketStatus): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#options.onStatus?.(status);
  }
}

/** The milliseconds that a server with too much to do asks for: `{"retry_after": 2.5}` in the close's reason. */
function waitAskedFor(reason: string): number {
  try {
    const asked = (JSON.parse(reason) as { retry_after?: unknown }).retry_after;
    return typeof asked === "number" ? asked * 1000 : 0;
  } catch {
    return 0;
  }
}
