import { expect, test } from "vitest";

import { sampleAuthor, sampleMessage } from "../core/samples";
import type { ChatItem, Message } from "../core/types";
import { rowsOf } from "./rows";

const ME = { user_id: "lena" };
const LENA = sampleAuthor({ user_id: "lena", participant_id: null, display_name: "Lena Orlova" });

function items(...messages: Message[]): ChatItem[] {
  return messages.map((message) => ({ state: "sent", message }));
}

function at(minutes: number, change: Partial<Message> = {}): Message {
  const created_at = new Date(Date.UTC(2026, 10, 20, 9, minutes)).toISOString();
  return sampleMessage(minutes + 1, { created_at, ...change });
}

function told(all: ChatItem[], newAfter: number | null = null): string[] {
  return rowsOf(all, newAfter, ME).map((row) => {
    if (row.kind !== "message") return row.kind;
    return row.first ? "first" : "more";
  });
}

test("messages of one person within five minutes stand together", () => {
  expect(told(items(at(0), at(4), at(8), at(13)))).toEqual([
    "day",
    "first",
    "more",
    "more",
    "first",
  ]);
});

test("another person, an answer or a line of the system begins anew", () => {
  const reply = { id: "m1", display_name: "Marta", text: "Yes", deleted: false };
  const system = at(3, { kind: "system", author: null, code: "session.locked" });
  expect(
    told(items(at(0), at(1, { author: LENA }), at(2, { author: LENA, reply_to: reply }))),
  ).toEqual(["day", "first", "first", "first"]);
  expect(told(items(at(2), system, at(4)))).toEqual(["day", "first", "system", "first"]);
});

test("the name one wrote under stays: under another one begins anew", () => {
  const renamed = sampleAuthor({ display_name: "Marta S." });
  expect(told(items(at(0), at(1, { author: renamed })))).toEqual(["day", "first", "first"]);
});

test("each day has its line, in the zone of the reader", () => {
  const next = at(1, { created_at: new Date(2026, 10, 22, 0, 1).toISOString() });
  const before = at(0, { created_at: new Date(2026, 10, 21, 23, 59).toISOString() });
  expect(told(items(before, next))).toEqual(["day", "first", "day", "first"]);
});

test("the line New stands before the first message of others that is not read", () => {
  const all = items(at(0), at(1, { author: LENA }), at(2), at(3));
  expect(told(all, 1)).toEqual(["day", "first", "first", "new", "first", "more"]);
  expect(told(all, 4)).not.toContain("new");
  expect(told(all, null)).not.toContain("new");
});

test("a message on its way stands with one's own before it", () => {
  const pending: ChatItem = {
    state: "sending",
    pending: {
      client_id: "c1",
      text: "Yes",
      reply_to: null,
      mentions: [],
      attachments: [],
      at: at(2).created_at,
    },
  };
  expect(told([...items(at(0), at(1, { author: LENA })), pending])).toEqual([
    "day",
    "first",
    "first",
    "more",
  ]);
});
