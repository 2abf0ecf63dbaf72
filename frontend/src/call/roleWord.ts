/** The role in a word, or that somebody is a guest; nothing for ordinary participants. */

import { t } from "../i18n/translate";
import type { CallPerson } from "./callPeople";

export function roleWord({ role, guest }: Pick<CallPerson, "role" | "guest">): string | null {
  if (role === "host") return t("call.host");
  if (role === "cohost") return t("call.cohost");
  return guest ? t("call.guest") : null;
}
