/** What chat is made of, on the wire and on the page, for sessions and text channels alike. */

export type Author = {
  /** null: a guest. */
  user_id: string | null;
  /** null in text channels. */
  participant_id: string | null;
  /** As it was when the message was sent. */
  display_name: string;
  /** Number of the person's pastel, 1 to 10. */
  color: number;
  avatar_url: string | null;
};

export type ReplyQuote = {
  id: string;
  display_name: string;
  /** The first 140 characters. */
  text: string;
  deleted: boolean;
};

export type Mention = { user_id: string; display_name: string };

export type Reaction = {
  emoji: string;
  count: number;
  mine: boolean;
  /** The first ten. */
  names: string[];
};

export type Attachment = {
  id: string;
  name: string;
  content_type: string;
  size: number;
  url: string;
  /** null: not a picture. */
  preview_url: string | null;
  width: number | null;
  height: number | null;
};

export type Message = {
  id: string;
  offset: number;
  kind: "user" | "system";
  client_id: string | null;
  channel_id: string | null;
  /** null: the system speaks. */
  author: Author | null;
  /** "" once it is deleted. */
  text: string;
  /** What the system says, "" for people: "participant.joined", say. */
  code: string;
  params: Record<string, string>;
  reply_to: ReplyQuote | null;
  mentions: Mention[];
  mentions_all: boolean;
  reactions: Reaction[];
  attachments: Attachment[];
  pinned_at: string | null;
  edited_at: string | null;
  deleted_at: string | null;
  created_at: string;
};

/** As pushes bring it: whose reactions are one's own is told over HTTP only. */
export type PushedMessage = Omit<Message, "reactions"> & { reactions?: Reaction[] };

export type Position = { epoch: string; offset: number };

/** An answer of the list of messages, ascending by offset. */
export type MessagePage = Position & {
  results: Message[];
  has_before: boolean;
  has_after: boolean;
  /** null: nothing was read yet; absent where nobody keeps it. */
  read_offset?: number | null;
  first_unread_id?: string | null;
};

export type MessageDeleted = {
  id: string;
  channel_id: string | null;
  offset: number;
  deleted_at: string;
};

export type ReactionChanged = {
  message_id: string;
  channel_id: string | null;
  emoji: string;
  count: number;
  user_id: string;
  display_name: string;
  added: boolean;
};

export type TypingStarted = {
  channel_id: string | null;
  user_id: string | null;
  participant_id: string | null;
  display_name: string;
};

/** Of the own messages one that the server has not confirmed yet. */
export type PendingMessage = {
  client_id: string;
  text: string;
  reply_to: ReplyQuote | null;
  mentions: string[];
  attachments: Attachment[];
  /** When it was sent off, ISO. */
  at: string;
};

export type ChatItem =
  | { state: "sent"; message: Message }
  | {
      state: "sending" | "failed";
      pending: PendingMessage;
      /** Why it failed, in words. */
      error?: string;
      /** Trying again is of no use: the words must change. */
      final?: boolean;
    };

/** How a client_id or an id names an item for as long as it is on the page. */
export function keyOf(item: ChatItem): string {
  if (item.state !== "sent") return item.pending.client_id;
  return item.message.client_id ?? item.message.id;
}

export type Who = {
  user_id?: string | null;
  participant_id?: string | null;
  /** Of oneself, where it is known: how one's first message looks until the server has it. */
  display_name?: string;
  color?: number;
  avatar_url?: string | null;
};

export function isOwn(me: Who, author: Who | null): boolean {
  if (author === null) return false;
  if (author.participant_id) return author.participant_id === me.participant_id;
  return Boolean(author.user_id) && author.user_id === me.user_id;
}

export type ChatSnapshot = {
  items: ChatItem[];
  loading: "first" | "before" | "after" | null;
  hasBefore: boolean;
  hasAfter: boolean;
  /** Names of those who write, never oneself. */
  typing: string[];
  connection: "open" | "reconnecting";
  /**
   * Where the "new" line stands: after this offset. As it was when one came, so that the line does
   * not run away while one reads. null: nothing was read yet, or nobody keeps it.
   */
  readOffset: number | null;
  /** The first message that one has not read, as it was when one came. */
  firstUnreadId: string | null;
  /** Came while one looks at older ones: they are not in `items` until one goes to the latest. */
  newer: number;
  /** What the list is to bring into sight next; a new object for each request. */
  target: { id: string } | null;
  me: Who;
  canModerate: boolean;
  /** False after the end of a session, say: one reads only. */
  canWrite: boolean;
  /** The first page did not come; `retryLoad` asks again. */
  failed: boolean;
  /** The server keeps no messages at the moment; it is asked again by itself. */
  unavailable: boolean;
};

export type Sending = {
  text: string;
  replyTo?: ReplyQuote | null;
  /** Ids of the users that were picked in the composer. */
  mentions?: string[];
  attachments?: Attachment[];
};

export type Draft = { text: string; replyTo: ReplyQuote | null };

export type Mentionable = {
  results: { user_id: string; display_name: string; color: number; avatar_url: string | null }[];
  /** Whether one may call everybody. */
  all: boolean;
};

/**
 * What the parts of the page draw. Promises reject with a ProblemError; its words are ready to show.
 * `subscribe` and `getSnapshot` serve useSyncExternalStore.
 */
export type ChatSource = {
  subscribe: (listener: () => void) => () => void;
  getSnapshot: () => ChatSnapshot;
  /** Shows at once; the item tells what becomes of it. */
  send: (sending: Sending) => void;
  retry: (clientId: string) => void;
  discard: (clientId: string) => void;
  edit: (id: string, text: string) => Promise<void>;
  remove: (id: string) => Promise<void>;
  loadBefore: () => Promise<void>;
  loadAfter: () => Promise<void>;
  retryLoad: () => void;
  /** A message, or the first one of a day (ISO). Sets `target`. */
  jumpTo: (to: string | { date: string }) => Promise<void>;
  jumpToLatest: () => Promise<void>;
  /** Somebody writes: call it with each key, it is told at most every two seconds. */
  typing: () => void;
  react?: (id: string, emoji: string, on: boolean) => Promise<void>;
  pin?: (id: string, on: boolean) => Promise<void>;
  listPins?: () => Promise<Message[]>;
  /** All up to this offset is in sight; told when the page is looked at, and seldom. */
  markRead?: (offset: number) => void;
  report?: (id: string, reason: string) => Promise<void>;
  upload?: (
    file: File,
    onProgress: (share: number) => void,
    signal?: AbortSignal,
  ) => Promise<Attachment>;
  mentionable?: (query: string) => Promise<Mentionable>;
  draft: { get: () => Draft; set: (draft: Draft) => void };
};
