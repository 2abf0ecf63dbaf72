/** What stands in the list: the messages, and the lines between them. */
import { isOwn, keyOf, type ChatItem, type Message, type Who } from "../core/types";
import { dayOf } from "./times";

export type Row =
  | { kind: "day"; key: string; moment: string }
  | { kind: "new"; key: "new" }
  | { kind: "system"; key: string; message: Message }
  /** `first`: with the author's picture and name; others follow on the same person's message. */
  | { kind: "message"; key: string; item: ChatItem; first: boolean };

const GROUPED_WITHIN = 5 * 60_000;

/** `newAfter`: the offset after which the line "New" stands; null: nowhere. */
export function rowsOf(items: readonly ChatItem[], newAfter: number | null, me: Who): Row[] {
  const rows: Row[] = [];
  let before: ChatItem | null = null;
  let told = newAfter === null;
  for (const item of items) {
    const sameDay = before !== null && dayOf(momentOfItem(before)) === dayOf(momentOfItem(item));
    if (!sameDay) {
      const moment = momentOfItem(item);
      rows.push({ kind: "day", key: `day ${dayOf(moment)} ${keyOf(item)}`, moment });
    }
    if (!told && isNews(item, newAfter ?? 0, me)) {
      rows.push({ kind: "new", key: "new" });
      told = true;
      before = null;
    }
    const key = keyOf(item);
    if (item.state === "sent" && item.message.kind === "system") {
      rows.push({ kind: "system", key, message: item.message });
      before = item;
      continue;
    }
    const first = !sameDay || before === null || !follows(before, item, me);
    rows.push({ kind: "message", key, item, first });
    before = item;
  }
  return rows;
}

export function momentOfItem(item: ChatItem): string {
  return item.state === "sent" ? item.message.created_at : item.pending.at;
}

function isNews(item: ChatItem, newAfter: number, me: Who): boolean {
  if (item.state !== "sent" || item.message.offset <= newAfter) return false;
  return item.message.kind === "user" && !isOwn(me, item.message.author);
}

function follows(before: ChatItem, item: ChatItem, me: Who): boolean {
  if (before.state === "sent" && before.message.kind === "system") return false;
  if (authorOf(before, me) !== authorOf(item, me)) return false;
  const reply = item.state === "sent" ? item.message.reply_to : item.pending.reply_to;
  if (reply) return false;
  const pause = Date.parse(momentOfItem(item)) - Date.parse(momentOfItem(before));
  return pause < GROUPED_WITHIN;
}

/** The same person under another name is told anew: the name is as it was when one wrote. */
function authorOf(item: ChatItem, me: Who): string {
  if (item.state !== "sent") return "me";
  const { author } = item.message;
  if (isOwn(me, author)) return "me";
  return `${author?.participant_id ?? author?.user_id ?? ""} ${author?.display_name ?? ""}`;
}
