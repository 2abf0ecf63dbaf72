/** A message out of its place: found, or pinned. A press leads to where it stands. */
import { Paperclip } from "lucide-react";
import type { ReactNode } from "react";

import { t } from "../../i18n/translate";
import { Avatar } from "../../ui/Avatar";
import type { Message } from "../core/types";
import { momentOf } from "../parts/times";

type MessageCardProps = {
  message: Message;
  /** Of which channel, where it is another one. */
  channel?: string;
  onGo: () => void;
  /** Further keys. */
  keys?: ReactNode;
  children: ReactNode;
};

export function MessageCard({ message, channel, onGo, keys, children }: MessageCardProps) {
  const { author, attachments } = message;
  const name = author?.display_name ?? "";
  return (
    <article className="nz-found">
      <Avatar name={name} color={author?.color ?? 1} pictureUrl={author?.avatar_url} size={28} />
      <div className="nz-found-words">
        <p className="nz-found-head">
          <bdi className="nz-message-name">{name}</bdi>
          {channel !== undefined && <bdi className="nz-hint">#{channel}</bdi>}
        </p>
        <div className="nz-found-text" dir="auto">
          {children}
        </div>
        {attachments.length > 0 && (
          <p className="nz-found-files">
            <Paperclip size={14} aria-hidden="true" />
            <bdi>{attachments.map((attachment) => attachment.name).join(", ")}</bdi>
          </p>
        )}
        <div className="nz-found-foot">
          <time className="nz-hint" dateTime={message.created_at}>
            {momentOf(message.created_at)}
          </time>
          {keys}
        </div>
      </div>
      <button
        type="button"
        className="nz-found-go"
        aria-label={`${t("conversation.go_to")}: ${name}, ${momentOf(message.created_at)}`}
        onClick={onGo}
      />
    </article>
  );
}
