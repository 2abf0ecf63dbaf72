/** One's own message that is on its way, or did not leave. */
import { CircleAlert } from "lucide-react";

import { t } from "../../i18n/translate";
import { Avatar } from "../../ui/Avatar";
import { classes } from "../../ui/classes";
import type { Author, ChatItem } from "../core/types";
import { Attachments } from "./Attachments";
import { useConversing } from "./ConversationContext";
import { PlainText } from "./MessageText";
import { ReplyQuote } from "./ReplyQuote";
import { timeOf } from "./times";

type PendingItem = Extract<ChatItem, { state: "sending" | "failed" }>;

type PendingRowProps = {
  item: PendingItem;
  first: boolean;
  /** Oneself, as on the messages that were sent before. */
  author: Author | null;
};

export function PendingRow({ item, first, author }: PendingRowProps) {
  const { source, variant } = useConversing();
  const { pending, state } = item;
  const name = author?.display_name ?? t("conversation.you");
  return (
    <li
      className={classes("nz-message nz-message-pending", first && "nz-message-first")}
      data-pending={state}
    >
      <article className="nz-message-box" aria-label={t("conversation.own_message")}>
        {first ? (
          <Avatar
            name={name}
            color={author?.color ?? 1}
            pictureUrl={author?.avatar_url}
            size={variant === "channel" ? 36 : 28}
            className="nz-message-face"
          />
        ) : (
          <span className="nz-message-aside" />
        )}
        <div className="nz-message-body">
          {pending.reply_to && <ReplyQuote quote={pending.reply_to} />}
          {first && (
            <p className="nz-message-head">
              <bdi className="nz-message-name">{name}</bdi>
              <time className="nz-message-time" dateTime={pending.at}>
                {timeOf(pending.at)}
              </time>
            </p>
          )}
          <div className="nz-message-content">
            <PlainText text={pending.text} />
            <Attachments attachments={pending.attachments} />
          </div>
          {state === "sending" ? (
            <p className="nz-message-state">{t("conversation.sending")}</p>
          ) : (
            <div className="nz-message-state nz-message-failed">
              <CircleAlert size={16} aria-hidden="true" />
              <span>{item.error ?? t("conversation.not_sent")}</span>
              {!item.final && (
                <button type="button" onClick={() => source.retry(pending.client_id)}>
                  {t("conversation.send_again")}
                </button>
              )}
              <button type="button" onClick={() => source.discard(pending.client_id)}>
                {t("conversation.discard")}
              </button>
            </div>
          )}
        </div>
      </article>
    </li>
  );
}
