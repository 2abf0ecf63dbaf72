/** Opens the chat; says how much is unread in it. */

import { MessageSquare } from "lucide-react";
import { t } from "../i18n/translate";
import { IconButton } from "../ui/IconButton";
import { useCallView } from "./CallContext";
import { UnreadCount } from "./UnreadCount";

type ChatKeyProps = { look: "nz-panel-key" | "nz-control"; onPress: () => void };

export function ChatKey({ look, onPress }: ChatKeyProps) {
  const { chat, panel } = useCallView();
  if (!chat) return null;
  const open = panel === "chat";
  const count = open ? 0 : chat.unread;
  return (
    <IconButton
      id="chat-key"
      look={look}
      label={count > 0 ? t("call.chat_unread", { count }) : t("call.chat")}
      shortcut="T"
      aria-expanded={open}
      onClick={onPress}
    >
      <MessageSquare size={20} strokeWidth={1.75} aria-hidden="true" />
      {count > 0 && <UnreadCount count={count} />}
    </IconButton>
  );
}
