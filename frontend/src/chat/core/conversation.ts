/**
 * One conversation, of a session or of a text channel, as the parts of the page draw it: what the
 * server holds, and behind it one's own messages that it does not have yet.
 */

import type { LoggedEvent, Position, StreamListener, StreamRelay } from "../../api/streams";
import type { SocketEvent, SocketStatus } from "../../api/socket";
import type { ChatApi } from "./chatApi";
import { Drafts } from "./drafts";
import { uuid7 } from "./ids";
import { MessageStore } from "./messageStore";
import { outboxAt } from "./outboxes";
import type { Entry, Outbox } from "./outbox";
import { ReadMarks } from "./readMarks";
import { TypingList, TypingTeller } from "./typing";
import { reacted } from "./window";
import type {
  ChatItem,
  ChatSnapshot,
  ChatSource,
  Message,
  PendingMessage,
  Sending,
  TypingStarted,
  Who,
} from "./types";

export type ConversationOptions = {
  api: ChatApi;
  /** Brings what is written while one is here. */
  relay: StreamRelay;
  /** Names it among drafts and unsent messages: "session abcd", say. */
  place: string;
  /** null: a session's. */
  channelId: string | null;
  me: Who;
  canModerate: boolean;
  canWrite?: boolean;
  /** Opens at this message instead of the latest. */
  startAt?: string | null;
  /** Somebody has written just now. */
  onArrival?: (message: Message) => void;
  most?: number;
};

export class Conversation implements ChatSource {
  readonly store: MessageStore;
  readonly draft: ChatSource["draft"];
  readonly typing: () => void;
  readonly #options: ConversationOptions;
  readonly #api: ChatApi;
  readonly #outbox: Outbox;
  readonly #others: TypingList;
  readonly #marks: ReadMarks | null;
  readonly #listeners = new Set<() => void>();
  readonly #items = new WeakMap<Message, ChatItem>();
  readonly #leave: (() => void)[] = [];
  #rights: { canModerate: boolean; canWrite: boolean };
  #wasOpen = false;
  #reconnecting = false;
  #snapshot: ChatSnapshot | null = null;
  #pending = new WeakMap<Entry, ChatItem>();

  constructor(options: ConversationOptions) {
    const { api, me, channelId, place } = options;
    this.#options = options;
    this.#api = api;
    this.#rights = { canModerate: options.canModerate, canWrite: options.canWrite ?? true };
    this.store = new MessageStore({
      list: api.list,
      me,
      channelId,
      onChange: this.#changed,
      onArrival: (message) => this.#arrived(message),
      ...(options.most ? { most: options.most } : {}),
    });
    this.#outbox = outboxAt(`${place} ${me.participant_id ?? me.user_id ?? ""}`, api.send);
    this.draft = new Drafts(`${place} ${me.participant_id ?? me.user_id ?? ""}`);
    this.#others = new TypingList(me, this.#changed);
    this.typing = new TypingTeller(api.typing).note;
    this.#marks = api.markRead ? new ReadMarks(api.markRead) : null;
  }

  /** Follows the stream from now on, and loads what was before. */
  start(): void {
    const listener: StreamListener = {
      onLogged: (event: LoggedEvent) => this.store.logged(event),
      onReset: (position: Position | null) => this.store.reset(position),
      onPassing: (event) => this.#pass(event),
      onStatus: (status) => this.#follow(status),
    };
    this.#leave.push(
      this.#options.relay.follow(listener),
      this.#outbox.subscribe(this.#changed),
      () => this.#others.stop(),
      () => this.#marks?.stop(),
      () => this.store.stop(),
    );
    this.store.start();
    const { startAt } = this.#options;
    if (startAt) void this.jumpTo(startAt).catch(() => this.store.load());
    else void this.store.load();
    this.#outbox.start();
  }

  /** What is on its way goes on; everything else is let go. */
  stop(): void {
    for (const leave of this.#leave.splice(0)) leave();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  getSnapshot = (): ChatSnapshot => (this.#snapshot ??= this.#draw());

  setRights(rights: { canModerate: boolean; canWrite: boolean }): void {
    const { canModerate, canWrite } = this.#rights;
    if (rights.canModerate === canModerate && rights.canWrite === canWrite) return;
    this.#rights = rights;
    this.#changed();
  }

  send = (sending: Sending): void => {
    const text = sending.text.trim();
    const attachments = sending.attachments ?? [];
    if (text === "" && attachments.length === 0) return;
    this.#outbox.add({
      client_id: uuid7(),
      text,
      reply_to: sending.replyTo ?? null,
      mentions: sending.mentions ?? [],
      attachments,
      at: new Date().toISOString(),
    });
    this.draft.set({ text: "", replyTo: null });
    // One's own words are at the end, wherever one was reading.
    if (this.store.getState().hasAfter) this.jumpToLatest().catch(() => undefined);
  };

  retry = (clientId: string): void => this.#outbox.retry(clientId);

  discard = (clientId: string): void => this.#outbox.discard(clientId);

  edit = async (id: string, text: string): Promise<void> => {
    await this.store.changing(id, () => this.#api.edit(id, text.trim()));
  };

  remove = async (id: string): Promise<void> => {
    await this.#api.remove(id);
    const deleted_at = new Date().toISOString();
    this.store.touch(id, (message) => ({
      ...message,
      ...GONE,
      deleted_at: message.deleted_at ?? deleted_at,
    }));
  };

  loadBefore = (): Promise<void> => this.#quietly(this.store.loadBefore());

  loadAfter = (): Promise<void> => this.#quietly(this.store.loadAfter());

  retryLoad = (): void => void this.store.load();

  jumpTo = async (to: string | { date: string }): Promise<void> => {
    if (typeof to !== "string") await this.store.jumpToDate(to.date);
    else await this.store.jumpToMessage(to, { around: this.#options.channelId !== null });
  };

  jumpToLatest = (): Promise<void> => this.store.jumpToLatest();

  markRead = (offset: number): void => {
    this.store.sawUpTo(offset);
    this.#marks?.mark(offset);
  };

  report = (id: string, reason: string): Promise<void> => this.#api.report(id, reason);

  get react(): ChatSource["react"] {
    const { react } = this.#api;
    return react && ((id, emoji, on) => this.#react(react, id, emoji, on));
  }

  get pin(): ChatSource["pin"] {
    const { pin } = this.#api;
    return (
      pin &&
      (async (id, on) => {
        await this.store.changing(id, () => pin(id, on));
      })
    );
  }

  get listPins(): ChatSource["listPins"] {
    return this.#api.pins;
  }

  get upload(): ChatSource["upload"] {
    return this.#api.upload;
  }

  get mentionable(): ChatSource["mentionable"] {
    return this.#api.mentionable;
  }

  async #react(
    react: NonNullable<ChatApi["react"]>,
    id: string,
    emoji: string,
    on: boolean,
  ): Promise<void> {
    const known = this.store.getState().messages.find((message) => message.id === id);
    const before = known?.reactions.find((reaction) => reaction.emoji === emoji);
    if (!known || (before?.mine ?? false) === on) return;
    const show = (count: number, added: boolean) => {
      const change = {
        message_id: id,
        channel_id: known.channel_id,
        emoji,
        count: Math.max(0, count),
        user_id: this.#options.me.user_id ?? "",
        display_name: this.#options.me.display_name ?? "",
        added,
      };
      this.store.touch(id, (message) => ({
        ...message,
        reactions: reacted(message.reactions, change, this.#options.me),
      }));
    };
    const count = before?.count ?? 0;
    show(on ? count + 1 : count - 1, on);
    try {
      const state = await react(id, emoji, on);
      show(state.count, state.mine);
    } catch (error) {
      show(count, !on);
      throw error;
    }
  }

  /** A page that did not come is asked for again by scrolling on. */
  async #quietly(loading: Promise<void>): Promise<void> {
    await loading.catch(() => undefined);
  }

  #pass({ event, payload }: SocketEvent): void {
    if (event !== "typing.started") return;
    const typing = payload as TypingStarted;
    if (typing.channel_id === this.#options.channelId) this.#others.hear(typing);
  }

  #follow(status: SocketStatus): void {
    if (status === "open") {
      this.#wasOpen = true;
      this.#outbox.wake();
    }
    // The first connection is no reconnection, and who was sent away is told so elsewhere.
    this.#reconnecting = status === "waiting" || (status === "connecting" && this.#wasOpen);
    this.#changed();
  }

  #arrived(message: Message): void {
    this.#others.wrote(message.author);
    this.#options.onArrival?.(message);
  }

  #changed = (): void => {
    this.#snapshot = null;
    this.#settle();
    for (const listener of [...this.#listeners]) listener();
  };

  /** What the stream or a page has brought needs no place of its own any more. */
  #settle(): void {
    const entries = this.#outbox.entries();
    if (entries.length === 0) return;
    const { messages } = this.store.getState();
    const there = new Set(messages.flatMap(({ client_id }) => client_id ?? []));
    const at = this.store.position?.offset ?? -1;
    for (const entry of entries) {
      if (entry.state === "sent" && entry.message.offset <= at) there.add(entry.pending.client_id);
    }
    this.#outbox.arrived(there);
  }

  #draw(): ChatSnapshot {
    const state = this.store.getState();
    const own = state.hasAfter ? [] : this.#outbox.entries();
    return {
      items: [...state.messages.map((message) => this.#itemOf(message)), ...this.#unsettled(own)],
      loading: state.loading,
      hasBefore: state.hasBefore,
      hasAfter: state.hasAfter,
      typing: this.#others.names(),
      connection: this.#reconnecting ? "reconnecting" : "open",
      readOffset: state.readOffset,
      firstUnreadId: state.firstUnreadId,
      newer: state.newer,
      target: state.target,
      me: this.#options.me,
      ...this.#rights,
      failed: state.failed,
      unavailable: state.unavailable,
    };
  }

  /** The same object for the same message: rows that did not change are not drawn anew. */
  #itemOf(message: Message): ChatItem {
    const known = this.#items.get(message);
    if (known) return known;
    const item: ChatItem = { state: "sent", message };
    this.#items.set(message, item);
    return item;
  }

  /** Accepted ones first: what waits comes after them, whenever it was written. */
  #unsettled(entries: readonly Entry[]): ChatItem[] {
    const sent = entries.filter((entry) => entry.state === "sent");
    const rest = entries.filter((entry) => entry.state !== "sent");
    sent.sort((one, other) => one.message.offset - other.message.offset);
    return [...sent, ...rest].map((entry) => {
      if (entry.state === "sent") return this.#itemOf(entry.message);
      const known = this.#pending.get(entry) ?? pendingItem(entry);
      this.#pending.set(entry, known);
      return known;
    });
  }
}

const GONE = {
  text: "",
  mentions: [],
  mentions_all: false,
  reactions: [],
  attachments: [],
  pinned_at: null,
};

function pendingItem(entry: Exclude<Entry, { state: "sent" }>): ChatItem {
  const pending: PendingMessage = entry.pending;
  if (entry.state === "sending") return { state: "sending", pending };
  const { error, final } = entry;
  return { state: "failed", pending, final, ...(error ? { error } : {}) };
}
