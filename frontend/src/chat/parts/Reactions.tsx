/** The reactions under a message: how many, whose, and one's own to give and take back. */
import { SmilePlus } from "lucide-react";

import { t } from "../../i18n/translate";
import { classes } from "../../ui/classes";
import { Tooltip } from "../../ui/Tooltip";
import type { Message, Reaction } from "../core/types";
import { useConversing } from "./ConversationContext";
import { EmojiKey } from "./EmojiKey";
import { told } from "./problemWords";

export function Reactions({ message }: { message: Message }) {
  const { source, canWrite } = useConversing();
  if (message.reactions.length === 0) return null;
  const canReact = canWrite && source.react !== undefined;
  return (
    <ul className="nz-reactions" aria-label={t("conversation.reactions")}>
      {message.reactions.map((reaction) => (
        <li key={reaction.emoji}>
          <Tooltip words={names(reaction)}>
            <button
              type="button"
              className={classes("nz-reaction", reaction.mine && "nz-reaction-mine")}
              aria-pressed={reaction.mine}
              aria-label={`${reaction.emoji} ${reaction.count}: ${names(reaction)}`}
              aria-disabled={!canReact || undefined}
              onClick={() => {
                if (canReact) void told(source.react?.(message.id, reaction.emoji, !reaction.mine));
              }}
            >
              <span aria-hidden="true">{reaction.emoji}</span>
              <span aria-hidden="true">{reaction.count}</span>
            </button>
          </Tooltip>
        </li>
      ))}
      {canReact && (
        <li>
          <EmojiKey
            label={t("conversation.react")}
            look="nz-reaction nz-reaction-add"
            onPick={(emoji) => void told(source.react?.(message.id, emoji, true))}
          >
            <SmilePlus size={16} aria-hidden="true" />
          </EmojiKey>
        </li>
      )}
    </ul>
  );
}

/** "Marta, Jonas and 3 more" */
function names({ names: known, count }: Reaction): string {
  const more = count - known.length;
  if (known.length === 0) return t("conversation.people", { count });
  if (more <= 0) return known.join(", ");
  return t("conversation.and_more", { names: known.join(", "), count: more });
}
