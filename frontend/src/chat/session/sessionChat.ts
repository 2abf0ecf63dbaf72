/** The chat of the call that one is in: the conversation, what is unread in it, and how one hears of it. */

import type { StreamRelay } from "../../api/streams";
import type { Participant } from "../../api/types";
import { t } from "../../i18n/translate";
import { sessionApi } from "../core/chatApi";
import { Conversation } from "../core/conversation";
import { plainWords } from "../core/markdown";
import { alertOf } from "../core/mentionAlerts";
import { setTitleCount } from "../core/titleBadge";
import { isOwn } from "../core/types";
import type { Message } from "../core/types";
import { NewsTeller } from "./NewsTeller";
import { keepSeen, readSeen } from "./seen";

export type SessionChatOptions = {
  slug: string;
  relay: StreamRelay;
  me: Pick<Participant, "id" | "display_name" | "color" | "avatar_url">;
  canModerate: boolean;
  /** Somebody else has written, and the panel is closed; gives back what takes it away again. */
  onNews: (words: string) => () => void;
  /** Somebody pressed a notification: the panel is to open. */
  onWanted: () => void;
};

/** Of a message, in a toast. */
const LONGEST = 120;

export class SessionChat {
  readonly source: Conversation;
  readonly #options: SessionChatOptions;
  readonly #place: string;
  readonly #teller: NewsTeller<Message>;
  readonly #listeners = new Set<() => void>();
  #epoch: string | null = null;
  #seen = -1;
  #isOpen = false;
  #unread = 0;
  #off: (() => void) | null = null;
  #takeAway: (() => void) | null = null;

  constructor(options: SessionChatOptions) {
    const { slug, relay, me } = options;
    this.#options = options;
    this.#place = `${slug} ${me.id}`;
    this.#teller = new NewsTeller((messages) => {
      this.#takeAway = options.onNews(wordsOfNews(messages));
    });
    this.source = new Conversation({
      // How far one has read a session is nobody else's business: it is kept here.
      api: {
        ...sessionApi(slug),
        markRead: (offset) => {
          this.#saw(offset);
          return Promise.resolve();
        },
      },
      relay,
      place: `session ${slug}`,
      channelId: null,
      me: {
        participant_id: me.id,
        display_name: me.display_name,
        color: me.color,
        avatar_url: me.avatar_url,
      },
      canModerate: options.canModerate,
      onArrival: (message) => this.#arrived(message),
    });
  }

  start(): void {
    this.#off = this.source.subscribe(this.#count);
    document.addEventListener("visibilitychange", this.#turned);
    this.source.start();
  }

  stop(): void {
    document.removeEventListener("visibilitychange", this.#turned);
    this.#off?.();
    this.#teller.drop();
    this.source.stop();
    setTitleCount("session", 0);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Messages of others that one has not seen. */
  getUnread = (): number => this.#unread;

  /** The panel is in sight, or not any more. */
  setOpen(open: boolean): void {
    this.#isOpen = open;
    this.#teller.drop();
    this.#takeAway?.();
    this.#takeAway = null;
    this.#drawLine();
  }

  #arrived(message: Message): void {
    if (message.kind !== "user" || this.#isMine(message)) return;
    if (this.#isForMe(message)) {
      alertOf({
        title: t("chat.alert_title", { name: message.author?.display_name ?? "" }),
        body: plainWords(message.text),
        tag: `session ${this.#options.slug}`,
        onPress: this.#options.onWanted,
      });
    }
    if (!this.#isOpen) this.#teller.note(message);
  }

  #isMine(message: Message): boolean {
    return isOwn({ participant_id: this.#options.me.id }, message.author);
  }

  /** Somebody wrote one's name, or answers one's own message. */
  #isForMe({ text, reply_to }: Message): boolean {
    const name = this.#options.me.display_name.toLowerCase();
    if (text.toLowerCase().includes(`@${name}`)) return true;
    const { messages } = this.source.store.getState();
    return messages.some((message) => message.id === reply_to?.id && this.#isMine(message));
  }

  #saw(offset: number): void {
    if (offset <= this.#seen || this.#epoch === null) return;
    this.#seen = offset;
    keepSeen(this.#place, { epoch: this.#epoch, offset });
    this.#count();
  }

  #count = (): void => {
    const epoch = this.source.store.position?.epoch ?? null;
    if (epoch === null) return;
    if (epoch !== this.#epoch) this.#begin(epoch);
    const { messages, newer } = this.source.store.getState();
    const unread = messages.filter(
      (message) =>
        message.offset > this.#seen &&
        message.kind === "user" &&
        message.deleted_at === null &&
        !this.#isMine(message),
    );
    const count = unread.length + newer;
    if (count === this.#unread) return;
    this.#unread = count;
    setTitleCount("session", count);
    for (const listener of [...this.#listeners]) listener();
  };

  /** Offsets of another log say nothing in this one. */
  #begin(epoch: string): void {
    this.#epoch = epoch;
    const kept = readSeen(this.#place);
    this.#seen = kept?.epoch === epoch ? kept.offset : -1;
    if (this.#isOpen) this.#drawLine();
  }

  /** Who turns away finds the line where they left. */
  #turned = (): void => {
    if (document.visibilityState === "hidden" && this.#isOpen) this.#drawLine();
  };

  #drawLine(): void {
    this.source.store.setReadOffset(this.#seen < 0 ? null : this.#seen);
  }
}

function wordsOfNews(messages: Message[]): string {
  const [first] = messages;
  if (messages.length > 1 || !first) return t("chat.toast_many", { count: messages.length });
  const words = plainWords(first.text);
  const text = words.length > LONGEST ? `${words.slice(0, LONGEST).trimEnd()}…` : words;
  return t("chat.toast", { name: first.author?.display_name ?? "", text });
}
