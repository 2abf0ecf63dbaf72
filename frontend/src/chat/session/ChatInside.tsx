/** What is in the chat panel of a call. */
import "./session.css";

import { useEffect, useRef } from "react";

import { t } from "../../i18n/translate";
import { Conversation } from "../parts/Conversation";
import type { SessionChat } from "./sessionChat";

export { AlertsKey } from "../parts/AlertsKey";

type ChatInsideProps = {
  chat: SessionChat;
  /** Who came to write writes at once. */
  focusField: boolean;
};

export default function ChatInside({ chat, focusField }: ChatInsideProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    chat.setOpen(true);
    return () => chat.setOpen(false);
  }, [chat]);
  useEffect(() => {
    if (focusField) box.current?.querySelector("textarea")?.focus();
  }, [focusField]);
  return (
    <div className="nz-session-chat" ref={box}>
      <Conversation
        source={chat.source}
        variant="panel"
        placeholder={t("chat.placeholder")}
        label={t("chat.title")}
        beginning={<p className="nz-session-chat-start">{t("chat.beginning")}</p>}
        readOnlyWords={t("chat.closed")}
      />
    </div>
  );
}
