/** What the system says, put into words from its code. */
import type { MessageKey } from "../../i18n/messages";
import { t } from "../../i18n/translate";
import type { Message } from "../core/types";

export function systemWords({ code, params }: Message): string {
  const key = `chat.system.${code}` as MessageKey;
  // The words of a code take what its params carry.
  const words = (t as (key: MessageKey, values: Record<string, string>) => string)(key, params);
  // A code of a newer server.
  return words === key ? t("conversation.system_unknown") : words;
}
