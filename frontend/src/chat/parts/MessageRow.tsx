/** One message: who, when, the words, and what hangs on them. */
import { Pin } from "lucide-react";
import { memo, useId, useState } from "react";

import { t } from "../../i18n/translate";
import { Avatar } from "../../ui/Avatar";
import { classes } from "../../ui/classes";
import { Tooltip } from "../../ui/Tooltip";
import type { Message } from "../core/types";
import { Attachments } from "./Attachments";
import { useConversing } from "./ConversationContext";
import { MessageSheet, MessageToolbar } from "./MessageActions";
import { MessageText } from "./MessageText";
import { Reactions } from "./Reactions";
import { ReplyQuote } from "./ReplyQuote";
import { momentOf, timeOf } from "./times";
import { useLongPress } from "./useLongPress";

type MessageRowProps = {
  message: Message;
  first: boolean;
  /** One was led to it: it stands out for a moment. */
  lit: boolean;
  /** The one message that Tab reaches; arrows lead on from it. */
  tabbable: boolean;
};

export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { message, first, lit, tabbable } = props;
  const { me, variant } = useConversing();
  const id = useId();
  const [isPointedAt, setPointedAt] = useState(false);
  const [hasFocus, setFocus] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const [sheet, setSheet] = useState(false);
  const longPress = useLongPress(() => setSheet(message.deleted_at === null));

  const name = message.author?.display_name ?? "";
  const isForMe = message.mentions.some(({ user_id }) => user_id === me.user_id);
  const withKeys = !message.deleted_at && (isPointedAt || hasFocus || isOpen);
  return (
    // Pointing at it or resting on it is an extra: with the focus the same keys appear.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <li
      className={classes(
        "nz-message",
        first && "nz-message-first",
        (isForMe || message.mentions_all) && "nz-message-for-me",
        lit && "nz-message-lit",
        isOpen && "nz-message-open",
      )}
      data-message={message.id}
      data-offset={message.offset}
      onPointerEnter={(event) => setPointedAt(event.pointerType === "mouse")}
      onPointerLeave={() => setPointedAt(false)}
      onFocus={() => setFocus(true)}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setFocus(false);
      }}
      {...longPress}
    >
      <article
        className="nz-message-box"
        // Arrow keys walk from message to message.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={tabbable ? 0 : -1}
        aria-label={t("conversation.message_by", { name, time: timeOf(message.created_at) })}
        aria-describedby={id}
      >
        {first ? (
          <Avatar
            name={name}
            color={message.author?.color ?? 1}
            pictureUrl={message.author?.avatar_url}
            size={variant === "channel" ? 36 : 28}
            className="nz-message-face"
          />
        ) : (
          <Moment message={message} className="nz-message-aside" />
        )}
        <div className="nz-message-body">
          {message.reply_to && <ReplyQuote quote={message.reply_to} />}
          {first && (
            <p className="nz-message-head">
              <bdi className="nz-message-name">{name}</bdi>
              <Moment message={message} />
              {message.pinned_at && <PinSign />}
            </p>
          )}
          <div id={id} className="nz-message-content">
            {message.deleted_at ? (
              <p className="nz-tombstone">{t("conversation.deleted")}</p>
            ) : (
              <>
                <MessageText message={message} />
                <Attachments attachments={message.attachments} />
              </>
            )}
          </div>
          {!message.deleted_at && <Reactions message={message} />}
        </div>
        {!first && message.pinned_at && <PinSign />}
      </article>
      {withKeys && <MessageToolbar message={message} onOpenChange={setOpen} />}
      {sheet && <MessageSheet message={message} onClose={() => setSheet(false)} />}
    </li>
  );
});

function Moment({ message, className }: { message: Message; className?: string }) {
  return (
    <time
      className={classes("nz-message-time", className)}
      dateTime={message.created_at}
      title={momentOf(message.created_at)}
    >
      {timeOf(message.created_at)}
    </time>
  );
}

function PinSign() {
  return (
    <Tooltip words={t("conversation.pinned")}>
      <span className="nz-message-pin">
        <Pin size={14} aria-hidden="true" />
        <span className="sr-only">{t("conversation.pinned")}</span>
      </span>
    </Tooltip>
  );
}
