/** Pins a person's camera or screen, or lets go of it, and says so. */

import { t } from "../i18n/translate";
import { announce } from "../ui/announcements";
import { useSteadyView } from "./CallContext";
import type { CallPerson } from "./callPeople";

export function usePin(kind: "camera" | "screen", person: CallPerson) {
  const { pinned, togglePin } = useSteadyView();
  const key = `${kind} ${person.id}`;
  const isPinned = pinned.includes(key);
  const toggle = () => {
    togglePin(key);
    const name = person.own ? t("call.you") : person.name;
    announce(isPinned ? t("call.unpinned", { name }) : t("call.pinned", { name }));
  };
  return { isPinned, toggle };
}
