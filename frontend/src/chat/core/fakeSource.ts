/** A conversation that tests hold in their hands: everything happens in the page. */

import { sampleConversation, sampleMessage } from "./samples";
import type { ChatItem, ChatSnapshot, ChatSource, Draft, Message, Sending } from "./types";

export function sampleSnapshot(change: Partial<ChatSnapshot> = {}): ChatSnapshot {
  return {
    items: sampleConversation().map((message) => ({ state: "sent", message })),
    loading: null,
    hasBefore: false,
    hasAfter: false,
    typing: [],
    connection: "open",
    readOffset: null,
    firstUnreadId: null,
    newer: 0,
    target: null,
    me: { participant_id: "me" },
    canModerate: false,
    canWrite: true,
    failed: false,
    unavailable: false,
    ...change,
  };
}

export class FakeSource implements ChatSource {
  snapshot: ChatSnapshot;
  /** What was asked of it, in order: ["edit", "m4", "Words"]. */
  readonly asked: unknown[][] = [];
  kept: Draft = { text: "", replyTo: null };
  readonly #listeners = new Set<() => void>();

  constructor(change: Partial<ChatSnapshot> = {}) {
    this.snapshot = sampleSnapshot(change);
  }

  getSnapshot = (): ChatSnapshot => this.snapshot;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Something happened. */
  change(change: Partial<ChatSnapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    for (const listener of this.#listeners) listener();
  }

  /** Somebody wrote. */
  arrive(change: Partial<Message> = {}): void {
    this.change({ items: [...this.snapshot.items, this.#next(change)] });
  }

  send = (sending: Sending): void => {
    this.asked.push(["send", sending]);
    this.arrive({
      text: sending.text,
      reply_to: sending.replyTo ?? null,
      attachments: sending.attachments ?? [],
      author: {
        user_id: this.snapshot.me.user_id ?? null,
        participant_id: this.snapshot.me.participant_id ?? null,
        display_name: "Lena Orlova",
        color: 2,
        avatar_url: null,
      },
    });
  };
  retry = (clientId: string): void => {
    this.asked.push(["retry", clientId]);
  };
  discard = (clientId: string): void => {
    this.asked.push(["discard", clientId]);
  };
  edit = (id: string, text: string): Promise<void> => {
    this.asked.push(["edit", id, text]);
    this.#put(id, { text, edited_at: "2026-11-20T10:00:00Z" });
    return Promise.resolve();
  };
  remove = (id: string): Promise<void> => {
    this.asked.push(["remove", id]);
    this.#put(id, { text: "", deleted_at: "2026-11-20T10:00:00Z" });
    return Promise.resolve();
  };
  loadBefore = (): Promise<void> => this.#note("loadBefore");
  loadAfter = (): Promise<void> => this.#note("loadAfter");
  retryLoad = (): void => {
    this.asked.push(["retryLoad"]);
  };
  jumpTo = (to: string | { date: string }): Promise<void> => {
    if (typeof to === "string") this.change({ target: { id: to } });
    return this.#note("jumpTo", to);
  };
  jumpToLatest = (): Promise<void> => this.#note("jumpToLatest");
  typing = (): void => {
    this.asked.push(["typing"]);
  };
  react = (id: string, emoji: string, on: boolean): Promise<void> =>
    this.#note("react", id, emoji, on);
  pin = (id: string, on: boolean): Promise<void> => {
    this.#put(id, { pinned_at: on ? "2026-11-20T10:00:00Z" : null });
    return this.#note("pin", id, on);
  };
  markRead = (offset: number): void => {
    this.asked.push(["markRead", offset]);
  };
  report = (id: string, reason: string): Promise<void> => this.#note("report", id, reason);
  draft = {
    get: (): Draft => this.kept,
    set: (draft: Draft): void => {
      this.kept = draft;
    },
  };

  #note(...call: unknown[]): Promise<void> {
    this.asked.push(call);
    return Promise.resolve();
  }

  #next(change: Partial<Message>): ChatItem {
    const offsets = this.snapshot.items.map((item) =>
      item.state === "sent" ? item.message.offset : 0,
    );
    return { state: "sent", message: sampleMessage(Math.max(0, ...offsets) + 1, change) };
  }

  #put(id: string, change: Partial<Message>): void {
    const items = this.snapshot.items.map((item) =>
      item.state === "sent" && item.message.id === id
        ? { ...item, message: { ...item.message, ...change } }
        : item,
    );
    this.change({ items });
  }
}
