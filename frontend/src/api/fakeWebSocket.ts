/** A WebSocket whose other end the test holds. */

import type { Welcome } from "./streams";

export class FakeWebSocket {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 3;
  static all: FakeWebSocket[] = [];

  readonly url: string;
  readyState = FakeWebSocket.CONNECTING;
  sent: unknown[] = [];
  closedByPage = false;
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((closed: { code: number; reason: string }) => void) | null = null;

  constructor(url: string) {
    this.url = url;
    FakeWebSocket.all.push(this);
  }

  static get last(): FakeWebSocket {
    const socket = FakeWebSocket.all.at(-1);
    if (!socket) throw new Error("No socket was opened.");
    return socket;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.closedByPage = true;
    this.readyState = FakeWebSocket.CLOSED;
  }

  /** The server accepts and answers the hello. */
  welcome(heartbeatSeconds = 15, positions?: Welcome): void {
    this.readyState = FakeWebSocket.OPEN;
    this.onopen?.();
    const streams = positions ? { positions } : {};
    this.push("hello", {
      participant_id: "me",
      heartbeat_seconds: heartbeatSeconds,
      ...streams,
    });
  }

  /** An event of the log of what is written. */
  log(offset: number, event = "message.created", payload: unknown = {}, epoch = "e1"): void {
    this.onmessage?.({
      data: JSON.stringify({ stream: "chat", epoch, offset, event, payload }),
    });
  }

  push(event: string, payload: unknown = {}): void {
    this.onmessage?.({ data: JSON.stringify({ event, payload }) });
  }

  closeByServer(code: number, reason = ""): void {
    this.readyState = FakeWebSocket.CLOSED;
    this.onclose?.({ code, reason });
  }
}
