/** What can be done with a message: keys beside it, and the same as a sheet under a finger. */
import {
  Copy,
  Ellipsis,
  Flag,
  Link,
  Pencil,
  Pin,
  PinOff,
  Reply,
  SmilePlus,
  Trash2,
} from "lucide-react";

import { t } from "../../i18n/translate";
import { IconButton } from "../../ui/IconButton";
import { Menu } from "../../ui/Menu";
import { isChoice, type MenuEntry } from "../../ui/menuEntries";
import { Modal } from "../../ui/Modal";
import { showToast } from "../../ui/toasts";
import { isOwn, type Message } from "../core/types";
import { useConversing, type Conversing } from "./ConversationContext";
import { EmojiKey } from "./EmojiKey";
import { told } from "./problemWords";
import { quickEmoji, rememberEmoji } from "./recentEmoji";

const EDIT_FOR = 24 * 3_600_000;

type ToolbarProps = {
  message: Message;
  /** Something of it is open: it stays though nobody points at it. */
  onOpenChange: (open: boolean) => void;
};

export function MessageToolbar({ message, onOpenChange }: ToolbarProps) {
  const conversing = useConversing();
  const { source, canWrite, onReply } = conversing;
  const entries = entriesOf(message, conversing);
  return (
    <div className="nz-message-keys" role="toolbar" aria-label={t("conversation.actions")}>
      {canWrite && source.react && (
        <EmojiKey
          label={t("conversation.react")}
          onOpenChange={onOpenChange}
          onPick={(emoji) => void told(source.react?.(message.id, emoji, true))}
        >
          <SmilePlus size={18} aria-hidden="true" />
        </EmojiKey>
      )}
      {canWrite && (
        <IconButton label={t("conversation.reply")} onClick={() => onReply(message)}>
          <Reply size={18} aria-hidden="true" />
        </IconButton>
      )}
      {entries.length > 0 && (
        <Menu
          label={t("conversation.more")}
          entries={entries}
          onOpenChange={onOpenChange}
          trigger={(props) => (
            <IconButton label={t("conversation.more")} {...props}>
              <Ellipsis size={18} aria-hidden="true" />
            </IconButton>
          )}
        />
      )}
    </div>
  );
}

/** The same on a phone, where a long press opens it. */
export function MessageSheet({ message, onClose }: { message: Message; onClose: () => void }) {
  const conversing = useConversing();
  const { source, canWrite, onReply } = conversing;
  const reply: MenuEntry = {
    label: t("conversation.reply"),
    icon: <Reply size={20} aria-hidden="true" />,
    onChoose: () => onReply(message),
  };
  const entries = [...(canWrite ? [reply] : []), ...entriesOf(message, conversing)];
  const react = (emoji: string) => {
    onClose();
    rememberEmoji(emoji);
    const mine = message.reactions.some((one) => one.emoji === emoji && one.mine);
    void told(source.react?.(message.id, emoji, !mine));
  };
  return (
    <Modal title={t("conversation.actions")} shape="sheet" onClose={onClose}>
      {canWrite && source.react && (
        <div className="nz-quick" role="group" aria-label={t("conversation.react")}>
          {quickEmoji().map((emoji) => (
            <button
              key={emoji}
              type="button"
              className="nz-quick-key"
              aria-label={t("conversation.react_with", { emoji })}
              onClick={() => react(emoji)}
            >
              {emoji}
            </button>
          ))}
          <EmojiKey label={t("conversation.other_emoji")} look="nz-quick-key" onPick={react}>
            <SmilePlus size={22} aria-hidden="true" />
          </EmojiKey>
        </div>
      )}
      <ul className="nz-sheet-acts">
        {entries.filter(isChoice).map((entry) => (
          <li key={entry.label}>
            <button
              type="button"
              className={
                "danger" in entry && entry.danger
                  ? "nz-menu-item nz-menu-item-danger"
                  : "nz-menu-item"
              }
              onClick={() => {
                onClose();
                entry.onChoose();
              }}
            >
              {entry.icon}
              <span className="nz-menu-words">{entry.label}</span>
            </button>
          </li>
        ))}
      </ul>
    </Modal>
  );
}

function entriesOf(message: Message, conversing: Conversing): MenuEntry[] {
  const { source, me, canModerate, canWrite, onEdit, onDelete, onReport } = conversing;
  const own = isOwn(me, message.author);
  const entries: MenuEntry[] = [];
  if (own && canWrite && canBeEdited(message)) {
    entries.push({
      label: t("conversation.edit"),
      icon: <Pencil size={20} aria-hidden="true" />,
      onChoose: () => onEdit(message),
    });
  }
  if (message.text) {
    entries.push({
      label: t("conversation.copy_text"),
      icon: <Copy size={20} aria-hidden="true" />,
      onChoose: () => void copy(message.text, t("conversation.text_copied")),
    });
  }
  if (message.channel_id) {
    const address = `${location.origin}/channels/${message.channel_id}/?message=${message.id}`;
    entries.push({
      label: t("conversation.copy_link"),
      icon: <Link size={20} aria-hidden="true" />,
      onChoose: () => void copy(address, t("conversation.link_copied")),
    });
  }
  if (canModerate && source.pin) entries.push(pinEntry(message, source));
  const last: MenuEntry[] = [];
  if (!own && source.report) {
    last.push({
      label: t("conversation.report"),
      icon: <Flag size={20} aria-hidden="true" />,
      onChoose: () => onReport(message),
    });
  }
  if ((own && canWrite) || canModerate) {
    last.push({
      label: t("conversation.delete"),
      icon: <Trash2 size={20} aria-hidden="true" />,
      danger: true,
      onChoose: () => onDelete(message),
    });
  }
  return last.length > 0 && entries.length > 0
    ? [...entries, { kind: "rule" }, ...last]
    : [...entries, ...last];
}

function pinEntry(message: Message, source: Conversing["source"]): MenuEntry {
  const pinned = message.pinned_at !== null;
  const Sign = pinned ? PinOff : Pin;
  return {
    label: pinned ? t("conversation.unpin") : t("conversation.pin"),
    icon: <Sign size={20} aria-hidden="true" />,
    onChoose: () => void told(source.pin?.(message.id, !pinned)),
  };
}

export function canBeEdited(message: Message, now = Date.now()): boolean {
  if (message.kind !== "user" || message.deleted_at) return false;
  return now - Date.parse(message.created_at) < EDIT_FOR;
}

async function copy(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    showToast({ key: "copied", words: done });
  } catch {
    showToast({ key: "copied", words: t("conversation.not_copied"), tone: "bad" });
  }
}
