/** The chat beside the stage; what is in it comes when it is opened. */

import { createElement, useEffect, useState } from "react";
import type { ComponentProps, ComponentType } from "react";
import type ChatInside from "../chat/session/ChatInside";
import { loadMessages } from "../i18n/load";
import { t } from "../i18n/translate";
import { Button } from "../ui/Button";
import { Panel } from "./Panel";
import type { CallChat } from "./useCallChat";

type Parts = {
  default: ComponentType<ComponentProps<typeof ChatInside>>;
  AlertsKey: ComponentType;
};

type ChatPanelProps = { chat: CallChat; focusField: boolean; onClose: () => void };

export function ChatPanel({ chat, focusField, onClose }: ChatPanelProps) {
  const [parts, setParts] = useState<Parts | null>(null);
  const [failed, setFailed] = useState(false);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let left = false;
    Promise.all([import("../chat/session/ChatInside"), loadMessages("chat", "conversation")]).then(
      ([loaded]) => {
        if (!left) setParts(loaded);
      },
      () => {
        if (!left) setFailed(true);
      },
    );
    return () => {
      left = true;
    };
  }, [turn]);
  const tryAgain = () => {
    setFailed(false);
    setTurn(turn + 1);
    chat.retry();
  };
  const { session } = chat;
  return (
    <Panel
      title={t("call.chat")}
      keyId="chat-key"
      filled
      action={parts && createElement(parts.AlertsKey)}
      onClose={onClose}
    >
      {parts && session ? (
        createElement(parts.default, { chat: session, focusField })
      ) : (
        <div className="nz-panel-loading" role="status">
          {failed ? (
            t("call.chat_failed")
          ) : (
            <span className="sr-only">{t("call.chat_loading")}</span>
          )}
          {failed && <Button onClick={tryAgain}>{t("common.try_again")}</Button>}
        </div>
      )}
    </Panel>
  );
}
