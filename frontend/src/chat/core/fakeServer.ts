/** A server of one conversation for tests: a log, pages of it, and a stream that one can hold up. */

import type { LoggedEvent, Position } from "../../api/streams";
import type { ListQuery } from "./messageStore";
import { pushed, sampleMessage } from "./samples";
import type { Message, MessagePage } from "./types";

type Stream = {
  logged: (event: LoggedEvent) => void;
  reset: (position: Position | null) => void;
};

type Waiting = { query: ListQuery; page: MessagePage | null; done: (page: MessagePage) => void };

export class FakeServer {
  all: Message[] = [];
  stream: Stream | null = null;
  fail: Error | null = null;
  /** Answers wait until `answer` lets them go. */
  slow = false;
  random: () => number = () => 0;
  #epoch = 1;
  #log: LoggedEvent[] = [];
  /** On its way to the page; null: no socket is open. */
  #sent: LoggedEvent[] | null = null;
  #heard: Position = { epoch: "", offset: 0 };
  #waiting: Waiting[] = [];

  get top(): number {
    return this.#log.length;
  }

  get epoch(): string {
    return `e${this.#epoch}`;
  }

  say(event: string, payload: unknown): LoggedEvent {
    const offset = this.top + 1;
    const logged = { stream: "chat", epoch: this.epoch, offset, event, payload };
    this.#log.push(logged);
    this.#sent?.push(logged);
    return logged;
  }

  create(change: Partial<Message> = {}): Message {
    const message = sampleMessage(this.top + 1, { id: `m${this.all.length + 1}`, ...change });
    this.all.push(message);
    this.say("message.created", pushed(message));
    return message;
  }

  edit(id: string, text: string): void {
    const found = this.all.find((message) => message.id === id);
    if (!found || found.deleted_at || found.channel_id !== null) return;
    const next = { ...found, text, edited_at: "2026-11-20T10:00:00Z" };
    this.#put(next);
    this.say("message.changed", pushed(next));
  }

  remove(id: string): void {
    const found = this.all.find((message) => message.id === id);
    if (!found || found.deleted_at || found.channel_id !== null) return;
    const deleted_at = "2026-11-20T11:00:00Z";
    this.#put({ ...found, text: "", deleted_at });
    this.say("message.deleted", { id, channel_id: null, offset: found.offset, deleted_at });
  }

  /** The store has forgotten everything: the log begins anew. */
  lose(): void {
    this.#epoch += 1;
    this.#log = [];
    this.all = [];
    if (this.#sent === null) return;
    this.#sent = [];
    this.stream?.reset(null);
  }

  page(query: ListQuery): MessagePage {
    const own = this.all.filter((message) => message.channel_id === null);
    const limit = query.limit ?? 50;
    const at = own.findIndex(({ id }) => id === query.around);
    let from = Math.max(0, own.length - limit);
    if (query.after !== undefined) from = firstAbove(own, query.after + 1);
    else if (query.since !== undefined) from = firstSince(own, query.since);
    else if (query.before !== undefined) from = Math.max(0, firstAbove(own, query.before) - limit);
    else if (at >= 0) from = Math.max(0, at - Math.floor(limit / 2));
    const to =
      query.before === undefined
        ? from + limit
        : Math.min(from + limit, firstAbove(own, query.before));
    return {
      results: own.slice(from, to),
      epoch: this.epoch,
      offset: this.top,
      has_before: from > 0,
      has_after: to < own.length,
    };
  }

  list(query: ListQuery): Promise<MessagePage> {
    if (this.fail) return Promise.reject(this.fail);
    if (!this.slow) return Promise.resolve(this.page(query));
    return new Promise((done) => this.#waiting.push({ query, page: null, done }));
  }

  /** A request is read, or its answer comes; once it is not slow any more, all of them. */
  answer(): void {
    if (!this.slow) {
      for (const { query, page, done } of this.#waiting.splice(0)) done(page ?? this.page(query));
      return;
    }
    const place = Math.floor(this.random() * this.#waiting.length);
    const waiting = this.#waiting[place];
    if (!waiting) return;
    if (waiting.page) {
      this.#waiting.splice(place, 1);
      waiting.done(waiting.page);
    } else waiting.page = this.page(waiting.query);
  }

  connect({ recovers = false } = {}): void {
    if (this.#sent !== null) return;
    const { epoch, offset } = this.#heard;
    if (recovers && epoch === this.epoch) {
      this.#sent = this.#log.slice(offset);
      return;
    }
    this.#sent = [];
    this.#heard = { epoch: this.epoch, offset: this.top };
    this.stream?.reset(this.#heard);
  }

  disconnect(): void {
    this.#sent = null;
  }

  deliver(count: number): void {
    for (const event of this.#sent?.splice(0, count) ?? []) {
      this.#heard = { epoch: event.epoch, offset: event.offset };
      this.stream?.logged(event);
    }
  }

  deliverAll(): void {
    this.deliver(Infinity);
  }

  repeatLast(): void {
    const last = this.#log.at(-1);
    if (last) this.stream?.logged(last);
  }

  /** One event never arrives. */
  dropOne(): void {
    this.#sent?.shift();
  }

  #put(message: Message): void {
    this.all = this.all.map((known) => (known.id === message.id ? message : known));
  }
}

/** The same numbers for the same seed, 0 to 1. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 8) & 0xffff) / 2 ** 16;
  };
}

function firstAbove(messages: Message[], offset: number): number {
  const found = messages.findIndex((message) => message.offset >= offset);
  return found < 0 ? messages.length : found;
}

function firstSince(messages: Message[], since: string): number {
  const found = messages.findIndex((message) => message.created_at >= since);
  return found < 0 ? messages.length : found;
}
