/** The messages of a conversation, in order, with the lines between them. */
import {
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
} from "react";

import { t } from "../../i18n/translate";
import { Skeleton } from "../../ui/Skeleton";
import { isOwn, type Author, type ChatItem, type ChatSnapshot } from "../core/types";
import { useConversing } from "./ConversationContext";
import { LatestKey } from "./LatestKey";
import { DayLine, NewLine, SystemLine } from "./Lines";
import { MessageRow } from "./MessageRow";
import { MessageSkeleton } from "./MessageSkeleton";
import { PendingRow } from "./PendingRow";
import { told } from "./problemWords";
import { rowsOf, type Row } from "./rows";
import { useLit } from "./useLit";
import { useReading } from "./useReading";
import { useScrolling } from "./useScrolling";
import { useUnseen } from "./useUnseen";

export type MessageListRef = {
  /** One has sent something: it is to be seen. */
  toEnd: () => void;
  /** To the last message, by keyboard. */
  focusLast: () => void;
};

type MessageListProps = {
  ref?: Ref<MessageListRef>;
  snapshot: ChatSnapshot;
  label: string;
  /** Above the very first message. */
  beginning?: ReactNode;
  /** Escape leads back to where one writes. */
  onLeave: () => void;
};

export function MessageList({ ref, snapshot, label, beginning, onLeave }: MessageListProps) {
  const { source, me } = useConversing();
  const box = useRef<HTMLDivElement>(null);
  const [reached, setReached] = useState<string | null>(null);
  const { items, readOffset, loading, hasBefore } = snapshot;

  const rows = useMemo(() => rowsOf(items, readOffset, me), [items, readOffset, me]);
  const author = useMemo(() => ownAuthor(items, snapshot), [items, snapshot]);
  const { atEnd, toEnd, toRow } = useScrolling(box, source, snapshot);
  useReading(box, source, snapshot);
  const unseen = useUnseen(snapshot, atEnd);
  const lit = useLit(snapshot, { toRow, toEnd, box });

  const toLatest = () => {
    if (source.getSnapshot().hasAfter) void told(source.jumpToLatest()).then(toEnd);
    else toEnd();
  };
  useImperativeHandle(ref, () => ({
    toEnd: toLatest,
    focusLast: () => focusAt(messagesIn(box.current), -1),
  }));

  const known = rows.some((row) => idOf(row) === reached);
  const tabbable = known ? reached : lastId(rows);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === "Escape") onLeave();
    const target = event.target as HTMLElement;
    if (!target.matches("article")) return;
    const messages = messagesIn(box.current);
    const next = nextPlace(event.key, messages.indexOf(target), messages.length);
    if (next === null) return;
    event.preventDefault();
    focusAt(messages, next);
  };

  return (
    <div className="nz-messages-frame">
      {/* News is told by the announcer, in turn and not too often: the log itself stays silent. */}
      <div
        ref={box}
        className="nz-messages"
        role="log"
        aria-live="off"
        aria-busy={loading !== null}
        aria-label={label}
      >
        {/* Keys are heard for all messages at once. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
        <ol onKeyDown={onKeyDown} onFocus={(event) => setReached(messageOf(event.target))}>
          {loading === "first" && items.length === 0 && (
            <li>
              <Skeleton label={t("conversation.loading")}>
                <MessageSkeleton rows={7} />
              </Skeleton>
            </li>
          )}
          {hasBefore && items.length > 0 && (
            <li className="nz-messages-more" aria-hidden="true">
              <MessageSkeleton rows={2} />
            </li>
          )}
          {!hasBefore && loading !== "first" && beginning && <li>{beginning}</li>}
          {rows.map((row) => (
            <RowOf key={row.key} row={row} author={author} lit={lit} tabbable={tabbable} />
          ))}
          {snapshot.hasAfter && (
            <li className="nz-messages-more" aria-hidden="true">
              <MessageSkeleton rows={2} />
            </li>
          )}
        </ol>
      </div>
      {!atEnd && items.length > 0 && <LatestKey count={unseen} onPress={toLatest} />}
    </div>
  );
}

type RowOfProps = {
  row: Row;
  author: Author | null;
  lit: string | null;
  tabbable: string | null;
};

function RowOf({ row, author, lit, tabbable }: RowOfProps) {
  if (row.kind === "day") return <DayLine moment={row.moment} />;
  if (row.kind === "new") return <NewLine />;
  if (row.kind === "system") return <SystemLine message={row.message} />;
  const { item, first } = row;
  if (item.state !== "sent") return <PendingRow item={item} first={first} author={author} />;
  const { id } = item.message;
  return (
    <MessageRow message={item.message} first={first} lit={lit === id} tabbable={tabbable === id} />
  );
}

function ownAuthor(items: readonly ChatItem[], { me }: ChatSnapshot): Author | null {
  const own = items.findLast((item) => item.state === "sent" && isOwn(me, item.message.author));
  if (own?.state === "sent") return own.message.author;
  const { user_id = null, participant_id = null, display_name, color, avatar_url = null } = me;
  if (display_name === undefined || color === undefined) return null;
  return { user_id, participant_id, display_name, color, avatar_url };
}

function idOf(row: Row): string | null {
  if (row.kind !== "message" || row.item.state !== "sent") return null;
  return row.item.message.id;
}

function lastId(rows: readonly Row[]): string | null {
  for (let at = rows.length - 1; at >= 0; at -= 1) {
    const row = rows[at];
    const id = row ? idOf(row) : null;
    if (id) return id;
  }
  return null;
}

function messagesIn(box: HTMLElement | null): HTMLElement[] {
  return [...(box?.querySelectorAll<HTMLElement>("[data-message] > article") ?? [])];
}

function messageOf(element: Element): string | null {
  return element.closest<HTMLElement>("[data-message]")?.dataset.message ?? null;
}

function focusAt(messages: HTMLElement[], place: number): void {
  const message = messages.at(place);
  message?.focus({ preventScroll: true });
  message?.scrollIntoView({ block: "nearest" });
}

function nextPlace(key: string, at: number, count: number): number | null {
  if (key === "ArrowUp") return Math.max(0, at - 1);
  if (key === "ArrowDown") return Math.min(count - 1, at + 1);
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return null;
}
