/** Above the field: what one answers, or which message one changes. */
import { Pencil, Reply, X } from "lucide-react";

import { t } from "../../i18n/translate";
import { IconButton } from "../../ui/IconButton";
import { plainWords } from "../core/markdown";
import type { Composing } from "./useComposer";

export function ComposerContext({ composing }: { composing: Composing }) {
  const { editing, replyTo, cancel } = composing;
  if (!editing && !replyTo) return null;
  const Sign = editing ? Pencil : Reply;
  return (
    <div className="nz-composer-context">
      <Sign size={16} aria-hidden="true" />
      <p>
        <b>
          {editing
            ? t("conversation.editing")
            : t("conversation.replying", { name: replyTo?.display_name ?? "" })}
        </b>
        <span dir="auto">{plainWords(editing?.text ?? replyTo?.text ?? "")}</span>
      </p>
      <IconButton
        label={editing ? t("conversation.cancel_edit") : t("conversation.cancel_reply")}
        onClick={() => cancel()}
      >
        <X size={16} aria-hidden="true" />
      </IconButton>
    </div>
  );
}
