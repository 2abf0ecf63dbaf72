/** Conversations in each of their states, for the page that shows the shared components. */
import { useState } from "react";

import { FakeSource } from "../core/fakeSource";
import { sampleAuthor, sampleMessage } from "../core/samples";
import type { ChatItem, ChatSnapshot } from "../core/types";
import { Conversation } from "../parts/Conversation";

const LENA = sampleAuthor({ participant_id: "me", display_name: "Lena Orlova", color: 2 });
const AT = "2026-11-20T09:10:00Z";

const STATES: [string, Partial<ChatSnapshot>][] = [
  ["As usual", { items: everything(), typing: ["Jonas"], readOffset: 4 }],
  ["On its way, and not sent", { items: unsent() }],
  ["Loading", { items: [], loading: "first" }],
  ["Not loaded", { items: [], failed: true }],
  ["Empty", { items: [] }],
  ["Reconnecting", { connection: "reconnecting" }],
  ["Only to be read", { canWrite: false, unavailable: true }],
];

export function KitChat() {
  return STATES.map(([words, change]) => <State key={words} words={words} change={change} />);
}

function State({ words, change }: { words: string; change: Partial<ChatSnapshot> }) {
  const [source] = useState(() => new FakeSource({ canModerate: true, ...change }));
  return (
    <figure className="nz-kit-chat">
      <figcaption>{words}</figcaption>
      <Conversation source={source} placeholder="Message #general" variant="panel" label={words} />
    </figure>
  );
}

function everything(): ChatItem[] {
  const messages = [
    sampleMessage(1, { code: "participant.joined", kind: "system", author: null }),
    sampleMessage(2, { text: "**Bold**, *slanted*, `code` and https://example.org/plan" }),
    sampleMessage(3, { text: "- first this\n- then that\n\n> a quote", pinned_at: AT }),
    sampleMessage(4, { author: LENA, text: "Thank you!", edited_at: AT }),
    sampleMessage(5, { text: "", deleted_at: AT }),
    sampleMessage(6, {
      text: "@Lena Orlova shall we begin?",
      mentions: [{ user_id: "me", display_name: "Lena Orlova" }],
      reply_to: { id: "m4", display_name: "Lena Orlova", text: "Thank you!", deleted: false },
      reactions: [
        { emoji: "👍", count: 2, mine: true, names: ["Lena", "Marta"] },
        { emoji: "🎉", count: 1, mine: false, names: ["Marta"] },
      ],
    }),
    sampleMessage(7, {
      text: "Last year’s numbers",
      attachments: [
        {
          id: "a1",
          name: "passengers-2025.xlsx",
          content_type: "application/octet-stream",
          size: 48_000,
          url: "#main",
          preview_url: null,
          width: null,
          height: null,
        },
        {
          id: "a2",
          name: "marta.svg",
          content_type: "image/svg+xml",
          size: 4_000,
          url: "/static/people/marta.svg",
          preview_url: "/static/people/marta.svg",
          width: 320,
          height: 200,
        },
      ],
    }),
  ];
  return messages.map((message) => ({ state: "sent", message }));
}

function unsent(): ChatItem[] {
  const pending = { reply_to: null, mentions: [], attachments: [], at: AT };
  return [
    { state: "sent", message: sampleMessage(1, { author: LENA, text: "Are you there?" }) },
    {
      state: "failed",
      pending: { ...pending, client_id: "c1", text: "Hello" },
      error: "Not sent.",
    },
    { state: "sending", pending: { ...pending, client_id: "c2", text: "Once more" } },
  ];
}
