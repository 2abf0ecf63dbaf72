/** The words of a message, with the mark that they were changed. */
import { memo, useMemo } from "react";

import { t } from "../../i18n/translate";
import { classes } from "../../ui/classes";
import { readMarkdown } from "../core/markdown";
import type { Message } from "../core/types";
import { useConversing } from "./ConversationContext";
import { Blocks } from "./Markdown";
import { momentOf } from "./times";

const EMOJI =
  /^(?:\p{Extended_Pictographic}|[\u{1F1E6}-\u{1F1FF}]|[\u{1F3FB}-\u{1F3FF}]|\u200d|\ufe0f|\s)+$/u;
const FEW = 32;

export const MessageText = memo(function MessageText({ message }: { message: Message }) {
  const { me } = useConversing();
  const { text, mentions, mentions_all: all, edited_at: editedAt } = message;
  const blocks = useMemo(
    () => readMarkdown(text, { people: mentions, all }),
    [text, mentions, all],
  );
  return (
    <div className={classes("nz-words", isEmoji(text) && "nz-words-emoji")} dir="auto">
      <Blocks blocks={blocks} meId={me.user_id ?? null} />
      {editedAt && (
        <span
          className="nz-edited"
          title={t("conversation.edited_at", { time: momentOf(editedAt) })}
        >
          ({t("conversation.edited")})
        </span>
      )}
    </div>
  );
});

/** Before the server has seen it nobody is mentioned yet. */
export function PlainText({ text }: { text: string }) {
  const blocks = useMemo(() => readMarkdown(text), [text]);
  return (
    <div className={classes("nz-words", isEmoji(text) && "nz-words-emoji")} dir="auto">
      <Blocks blocks={blocks} meId={null} />
    </div>
  );
}

/** A few emoji and nothing else are drawn large. */
function isEmoji(text: string): boolean {
  return text.length <= FEW && EMOJI.test(text);
}
