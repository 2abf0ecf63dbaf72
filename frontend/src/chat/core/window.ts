/**
 * The part of a conversation that the page holds: messages without a gap, oldest first. Everything
 * here is pure; each message knows how much of the log it has taken in, so that nothing is applied
 * twice and nothing older undoes what is newer.
 */

import type { LoggedEvent } from "../../api/streams";
import { isOwn } from "./types";
import type {
  Message,
  MessageDeleted,
  MessagePage,
  PushedMessage,
  Reaction,
  ReactionChanged,
  Who,
} from "./types";

export type Known = { message: Message; asOf: number };
export type Window = { known: readonly Known[]; hasBefore: boolean; hasAfter: boolean };
/** Whose window it is; null: a session's, whose stream carries nothing else. */
export type Owner = { me: Who; channelId: string | null };

const MOST_NAMES = 10;

export function windowOf(page: MessagePage, owner: Owner): Window {
  return { known: knownOf(page, owner), hasBefore: page.has_before, hasAfter: page.has_after };
}

/** Older messages in front; of too many, the newest go and can be loaded again. */
export function withBefore(window: Window, page: MessagePage, owner: Owner, most: number): Window {
  const first = window.known[0]?.message.offset ?? Infinity;
  const older = knownOf(page, owner).filter(({ message }) => message.offset < first);
  const known = [...older, ...window.known];
  return {
    known: known.slice(0, most),
    hasBefore: page.has_before,
    hasAfter: window.hasAfter || known.length > most,
  };
}

/** Newer messages behind; of too many, the oldest go. */
export function withAfter(window: Window, page: MessagePage, owner: Owner, most: number): Window {
  const last = window.known.at(-1)?.message.offset ?? -Infinity;
  const newer = knownOf(page, owner).filter(({ message }) => message.offset > last);
  const known = [...window.known, ...newer];
  return {
    known: known.slice(-most),
    hasBefore: window.hasBefore || known.length > most,
    hasAfter: page.has_after,
  };
}

/** The window after one event of the log; the same object if it changes nothing in it. */
export function applied(window: Window, event: LoggedEvent, owner: Owner): Window {
  switch (event.event) {
    case "message.created":
      return withCreated(window, event.payload as PushedMessage, event.offset, owner);
    case "message.changed":
      return withChanged(window, event.payload as PushedMessage, event.offset, owner);
    case "message.deleted":
      return withDeleted(window, event.payload as MessageDeleted, event.offset);
    case "reaction.changed":
      return withReaction(window, event.payload as ReactionChanged, event.offset, owner);
    default:
      return window;
  }
}

/** The message that an event brings to this conversation. */
export function createdIn(event: LoggedEvent, { channelId }: Owner): PushedMessage | null {
  if (event.event !== "message.created") return null;
  const message = event.payload as PushedMessage;
  return message.channel_id === channelId ? message : null;
}

/** A client id is a secret of who sent it; on the page it names one's own messages only. */
export function received(message: PushedMessage, { me }: Owner): Message {
  const client_id = isOwn(me, message.author) ? message.client_id : null;
  return { ...message, client_id, reactions: message.reactions ?? [] };
}

function knownOf(page: MessagePage, owner: Owner): Known[] {
  return page.results.map((message) => ({ message: received(message, owner), asOf: page.offset }));
}

function withCreated(window: Window, pushed: PushedMessage, asOf: number, owner: Owner): Window {
  if (window.hasAfter || pushed.channel_id !== owner.channelId) return window;
  const { known } = window;
  const place = known.findLastIndex(({ message }) => message.offset <= pushed.offset);
  if (known[place]?.message.offset === pushed.offset) return window;
  // Older than the oldest that is here: it is loaded with those beside it.
  if (place < 0 && window.hasBefore) return window;
  const message = received(pushed, owner);
  return { ...window, known: known.toSpliced(place + 1, 0, { message, asOf }) };
}

function withChanged(window: Window, pushed: PushedMessage, asOf: number, owner: Owner): Window {
  const changed = change(window, pushed.id, asOf, (message) => ({
    ...received(pushed, owner),
    reactions: message.reactions,
  }));
  // Sessions keep the quote as it was.
  if (pushed.channel_id === null) return changed;
  return requote(changed, pushed.id, { text: pushed.text.slice(0, 140) });
}

function withDeleted(window: Window, { id, deleted_at }: MessageDeleted, asOf: number): Window {
  const changed = change(window, id, asOf, (message) => ({
    ...message,
    text: "",
    mentions: [],
    mentions_all: false,
    reactions: [],
    attachments: [],
    pinned_at: null,
    deleted_at,
  }));
  return requote(changed, id, { text: "", deleted: true });
}

function withReaction(window: Window, pushed: ReactionChanged, asOf: number, owner: Owner): Window {
  return change(window, pushed.message_id, asOf, (message) => ({
    ...message,
    reactions: reacted(message.reactions, pushed, owner.me),
  }));
}

export function reacted(reactions: Reaction[], pushed: ReactionChanged, me: Who): Reaction[] {
  const { emoji, count, display_name, added } = pushed;
  const place = reactions.findIndex((reaction) => reaction.emoji === emoji);
  const known = reactions[place] ?? { emoji, count: 0, mine: false, names: [] };
  if (count === 0) return reactions.filter((reaction) => reaction !== known);
  const others = known.names.filter((name) => name !== display_name);
  const next = {
    emoji,
    count,
    mine: pushed.user_id === me.user_id ? added : known.mine,
    names: (added ? [...others, display_name] : others).slice(0, MOST_NAMES),
  };
  return place < 0 ? [...reactions, next] : reactions.with(place, next);
}

/** Changes one message, unless it has taken in this event, or a later one. */
function change(
  window: Window,
  id: string,
  asOf: number,
  next: (message: Message) => Message,
): Window {
  const place = window.known.findIndex(({ message }) => message.id === id);
  const known = window.known[place];
  if (!known || known.asOf >= asOf) return window;
  return { ...window, known: window.known.with(place, { message: next(known.message), asOf }) };
}

/** Shows a message otherwise, until the log says more of it. */
export function patched(window: Window, id: string, next: (message: Message) => Message): Window {
  const place = window.known.findIndex(({ message }) => message.id === id);
  const known = window.known[place];
  if (!known) return window;
  const message = next(known.message);
  return { ...window, known: window.known.with(place, { ...known, message }) };
}

function requote(window: Window, id: string, quote: { text: string; deleted?: boolean }): Window {
  if (!window.known.some(({ message }) => message.reply_to?.id === id)) return window;
  const known = window.known.map((entry) => {
    const { message } = entry;
    if (message.reply_to?.id !== id) return entry;
    return { ...entry, message: { ...message, reply_to: { ...message.reply_to, ...quote } } };
  });
  return { ...window, known };
}
