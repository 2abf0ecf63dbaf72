/** What the system says, put into words from its code. */
import type { MessageKey } from "../../i18n/messages";
import { t } from "../../i18n/translate";
import type { Message } from "../core/types";

export function systemWords({ code, params }: Message): string {
  // Who has done it is not always known.
  const words = (params.by && wordsOf(`${code}_by`, params)) || wordsOf(code, params);
  // A code of a newer server.
  return words || t("conversation.system_unknown");
}

/** The words of a code take what its params carry; "": there are none. */
function wordsOf(code: string, params: Record<string, string>): string {
  const key = `chat.system.${code}` as MessageKey;
  const words = (t as (key: MessageKey, values: Record<string, string>) => string)(key, params);
  return words === key ? "" : words;
}
