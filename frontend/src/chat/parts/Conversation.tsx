/** A conversation: what was written, and where one writes. */
import "../styles/composer.css";
import "../styles/conversation.css";
import "../styles/files.css";
import "../styles/message.css";
import "../styles/words.css";

import { MessagesSquare, Upload, WifiOff } from "lucide-react";
import {
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from "react";

import { t } from "../../i18n/translate";
import { Button } from "../../ui/Button";
import { isOwn, type ChatSource, type Message } from "../core/types";
import { ConnectionStrip } from "./ConnectionStrip";
import { Composer, type ComposerRef } from "./Composer";
import { ConversationContext, type Conversing, type Variant } from "./ConversationContext";
import { canBeEdited } from "./MessageActions";
import { MessageList, type MessageListRef } from "./MessageList";
import { told } from "./problemWords";
import { DeleteQuestion, ReportQuestion } from "./Questions";
import { TypingLine } from "./TypingLine";
import { useComposer } from "./useComposer";
import { useDropFiles } from "./useDropFiles";
import { useUploads } from "./useUploads";

export type ConversationProps = {
  source: ChatSource;
  /** In the empty field: "Message #general". */
  placeholder: string;
  variant: Variant;
  /** What the list of messages is called to who cannot see it. */
  label?: string;
  /** Above the first message of all. */
  beginning?: ReactNode;
  /** In the place of the field where one only reads. */
  readOnlyWords?: string;
};

type Asked = { what: "delete" | "report"; message: Message };

export function Conversation(props: ConversationProps) {
  const { source, placeholder, variant, label, beginning, readOnlyWords } = props;
  const snapshot = useSyncExternalStore(source.subscribe, source.getSnapshot);
  const list = useRef<MessageListRef>(null);
  const field = useRef<ComposerRef>(null);
  const composing = useComposer(source);
  const uploads = useUploads(source);
  const [asked, setAsked] = useState<Asked | null>(null);
  const { canModerate, canWrite, me, items } = snapshot;
  const drop = useDropFiles(canWrite && source.upload ? uploads.add : null);

  // The rows are drawn anew only when something of theirs changes.
  const latest = useRef(composing);
  useLayoutEffect(() => {
    latest.current = composing;
  });
  const conversing = useMemo<Conversing>(
    () => ({
      source,
      variant,
      me,
      canModerate,
      canWrite,
      onReply: (message) => {
        latest.current.reply(message);
        field.current?.focus();
      },
      onEdit: (message) => {
        latest.current.edit(message);
        field.current?.focus();
      },
      onDelete: (message) => setAsked({ what: "delete", message }),
      onReport: (message) => setAsked({ what: "report", message }),
      onJump: (id) => void told(source.jumpTo(id)),
      onLatest: () => list.current?.toEnd(),
    }),
    [source, variant, me, canModerate, canWrite],
  );

  const editLast = () => {
    const own = items.findLast(
      (item) =>
        item.state === "sent" && isOwn(me, item.message.author) && canBeEdited(item.message),
    );
    if (own?.state === "sent") composing.edit(own.message);
  };

  // What waits to be sent is no history: it must not pass for all that was ever written.
  const hasFailed = snapshot.failed && !items.some(({ state }) => state === "sent");
  const isEmpty = items.length === 0 && snapshot.loading !== "first" && !snapshot.failed;
  const Question = asked?.what === "report" ? ReportQuestion : DeleteQuestion;
  return (
    <ConversationContext value={conversing}>
      <section className={`nz-chat nz-chat-${variant}`} {...drop.props}>
        {hasFailed ? (
          <div className="nz-chat-middle">
            <WifiOff size={28} aria-hidden="true" />
            <p>{t("conversation.load_failed")}</p>
            <Button onClick={source.retryLoad}>{t("common.try_again")}</Button>
          </div>
        ) : isEmpty ? (
          <div className="nz-chat-middle">
            {beginning ?? (
              <>
                <MessagesSquare size={28} aria-hidden="true" />
                <p>{t("conversation.empty")}</p>
              </>
            )}
          </div>
        ) : (
          <MessageList
            ref={list}
            snapshot={snapshot}
            label={label ?? t("conversation.messages")}
            beginning={beginning}
            onLeave={() => field.current?.focus()}
          />
        )}
        <footer className="nz-chat-foot">
          <ConnectionStrip
            reconnecting={snapshot.connection === "reconnecting"}
            unavailable={snapshot.unavailable}
          />
          <TypingLine names={snapshot.typing} />
          {canWrite ? (
            <Composer
              ref={field}
              source={source}
              composing={composing}
              uploads={uploads}
              placeholder={placeholder}
              onSent={() => list.current?.toEnd()}
              onEditLast={editLast}
            />
          ) : (
            <p className="nz-chat-closed">{readOnlyWords ?? t("conversation.read_only")}</p>
          )}
        </footer>
        {drop.isOver && (
          <div className="nz-chat-drop">
            <Upload size={28} aria-hidden="true" />
            <p>{t("conversation.drop")}</p>
          </div>
        )}
        {asked && (
          <Question source={source} message={asked.message} onClose={() => setAsked(null)} />
        )}
      </section>
    </ConversationContext>
  );
}
