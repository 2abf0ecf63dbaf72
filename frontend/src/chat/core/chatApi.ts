/** What the API does with the messages of a session, and of a text channel. */

import { request } from "../../api/client";
import type { ListQuery } from "./messageStore";
import type { Attachment, Mentionable, Message, MessagePage, PendingMessage } from "./types";
import { uploadFile } from "./upload";

export type ReactionState = { emoji: string; count: number; mine: boolean };

export type ChatApi = {
  list: (query: ListQuery) => Promise<MessagePage>;
  /** The same client_id again answers with the same message. */
  send: (pending: PendingMessage) => Promise<Message>;
  edit: (id: string, text: string) => Promise<Message>;
  remove: (id: string) => Promise<void>;
  report: (id: string, reason: string) => Promise<void>;
  typing: () => Promise<void>;
  react?: (id: string, emoji: string, on: boolean) => Promise<ReactionState>;
  pin?: (id: string, on: boolean) => Promise<Message>;
  pins?: () => Promise<Message[]>;
  markRead?: (offset: number) => Promise<unknown>;
  upload?: (
    file: File,
    onProgress: (share: number) => void,
    signal?: AbortSignal,
  ) => Promise<Attachment>;
  mentionable?: (query: string) => Promise<Mentionable>;
};

export function sessionApi(slug: string): ChatApi {
  return messagesAt(`sessions/${encodeURIComponent(slug)}/`, (pending) => withReply(pending));
}

export function channelApi(channelId: string, spaceId: string): ChatApi {
  const at = `channels/${encodeURIComponent(channelId)}/`;
  const message = (id: string) => `${at}messages/${encodeURIComponent(id)}/`;
  return {
    ...messagesAt(at, (pending) => ({
      ...withReply(pending),
      mentions: pending.mentions,
      attachments: pending.attachments.map(({ id }) => id),
    })),
    react: (id, emoji, on) =>
      request(`${message(id)}reactions/`, { method: on ? "PUT" : "DELETE", body: { emoji } }),
    pin: (id, on) => request(`${message(id)}pin/`, { method: on ? "PUT" : "DELETE" }),
    pins: async () => (await request<{ results: Message[] }>(`${at}pins/`)).results,
    markRead: (offset) =>
      request(`${at}read/`, { method: "PUT", body: { offset }, keepalive: true }),
    upload: (file, onProgress, signal) => uploadFile(`${at}attachments/`, file, onProgress, signal),
    mentionable: (query) =>
      request(`spaces/${encodeURIComponent(spaceId)}/mentionable/?q=${encodeURIComponent(query)}`),
  };
}

/** What both have. */
function messagesAt(at: string, bodyOf: (pending: PendingMessage) => unknown): ChatApi {
  const messages = `${at}messages/`;
  const message = (id: string) => `${messages}${encodeURIComponent(id)}/`;
  return {
    list: (query) => request(messages + queryOf(query)),
    send: (pending) => request(messages, { method: "POST", body: bodyOf(pending) }),
    edit: (id, text) => request(message(id), { method: "PATCH", body: { text } }),
    remove: (id) => request(message(id), { method: "DELETE" }),
    report: async (id, reason) => {
      await request(`${message(id)}report/`, { method: "POST", body: { reason } });
    },
    typing: () => request(`${at}typing/`, { method: "POST", body: {} }),
  };
}

function withReply({ client_id, text, reply_to }: PendingMessage): object {
  return { client_id, text, ...(reply_to ? { reply_to: reply_to.id } : {}) };
}

function queryOf(query: ListQuery): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) params.set(name, String(value));
  return params.size > 0 ? `?${params}` : "";
}
