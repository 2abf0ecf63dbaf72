/** Messages for tests. */

import type { Author, Message, PushedMessage } from "./types";

export function sampleAuthor(change: Partial<Author> = {}): Author {
  return {
    user_id: null,
    participant_id: "marta",
    display_name: "Marta Silva",
    color: 4,
    avatar_url: null,
    ...change,
  };
}

export function sampleMessage(offset: number, change: Partial<Message> = {}): Message {
  return {
    id: `m${offset}`,
    offset,
    kind: "user",
    client_id: null,
    channel_id: null,
    author: sampleAuthor(),
    text: `Message ${offset}`,
    code: "",
    params: {},
    reply_to: null,
    mentions: [],
    mentions_all: false,
    reactions: [],
    attachments: [],
    pinned_at: null,
    edited_at: null,
    deleted_at: null,
    created_at: new Date(Date.UTC(2026, 10, 20, 9, 0, offset)).toISOString(),
    ...change,
  };
}

/** The same as a push brings it. */
export function pushed(message: Message): PushedMessage {
  const push: PushedMessage = { ...message };
  delete push.reactions;
  return push;
}

export function sampleConversation(): Message[] {
  const lena = sampleAuthor({ participant_id: "me", display_name: "Lena Orlova", color: 2 });
  return [
    sampleMessage(1, {
      kind: "system",
      author: null,
      text: "",
      code: "participant.joined",
      params: { display_name: "Marta Silva", participant_id: "marta" },
    }),
    sampleMessage(2, { text: "Here is the plan: https://example.org/plan" }),
    sampleMessage(3, { text: "- first **this**\n- then `that`" }),
    sampleMessage(4, { author: lena, text: "Thank you!", edited_at: "2026-11-20T09:05:00Z" }),
    sampleMessage(5, { text: "", deleted_at: "2026-11-20T09:06:00Z" }),
    sampleMessage(6, {
      text: "Shall we begin?",
      reply_to: { id: "m4", display_name: "Lena Orlova", text: "Thank you!", deleted: false },
    }),
  ];
}
