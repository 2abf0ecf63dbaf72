/** What a message answers: a press leads there. */
import { Reply } from "lucide-react";

import { t } from "../../i18n/translate";
import { plainWords } from "../core/markdown";
import type { ReplyQuote as Quote } from "../core/types";
import { useConversing } from "./ConversationContext";

export function ReplyQuote({ quote }: { quote: Quote }) {
  const { onJump } = useConversing();
  const words = quote.deleted
    ? t("conversation.deleted")
    : plainWords(quote.text) || t("conversation.attachment");
  return (
    <button type="button" className="nz-quote" onClick={() => onJump(quote.id)}>
      <Reply size={14} aria-hidden="true" />
      <span className="sr-only">{`${t("conversation.quote")} `}</span>
      <bdi className="nz-quote-name">{quote.display_name}</bdi>
      <span className="nz-quote-text" dir="auto">
        {words}
      </span>
    </button>
  );
}
