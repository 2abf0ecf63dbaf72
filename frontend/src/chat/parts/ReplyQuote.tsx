/** What a message answers: a press leads there. */
import { Reply } from "lucide-react";

import { t } from "../../i18n/translate";
import type { ReplyQuote as Quote } from "../core/types";
import { useConversing } from "./ConversationContext";

export function ReplyQuote({ quote }: { quote: Quote }) {
  const { onJump } = useConversing();
  const words = quote.deleted
    ? t("conversation.deleted")
    : quote.text || t("conversation.attachment");
  return (
    <button
      type="button"
      className="nz-quote"
      aria-label={t("conversation.quote", { name: quote.display_name, text: words })}
      onClick={() => onJump(quote.id)}
    >
      <Reply size={14} aria-hidden="true" />
      <bdi className="nz-quote-name">{quote.display_name}</bdi>
      <span className="nz-quote-text" dir="auto">
        {words}
      </span>
    </button>
  );
}
