/** Tells who cannot see it who came, who went, and who shows a screen. */

import { useEffect, useRef } from "react";
import { t } from "../i18n/translate";
import { announce } from "../ui/announcements";
import type { CallView } from "./CallContext";
import type { CallPerson } from "./callPeople";

type Seen = Map<string, { name: string; sharing: boolean }>;

export function useAnnouncements({ people, snapshot }: CallView): void {
  const before = useRef<Seen | null>(null);
  const inCall = snapshot.phase === "connected";
  useEffect(() => {
    if (!inCall) return;
    const now = see(people);
    if (before.current) tellChanges(before.current, now);
    before.current = now;
  }, [people, inCall]);
}

function see(people: readonly CallPerson[]): Seen {
  const others = people.filter((person) => !person.own && person.media);
  return new Map(
    others.map(({ id, name, media }) => [id, { name, sharing: media?.sharing ?? false }]),
  );
}

function tellChanges(before: Seen, now: Seen): void {
  for (const [id, { name, sharing }] of now) {
    const known = before.get(id);
    if (!known) announce(t("call.joined", { name }));
    if (sharing && !known?.sharing) announce(t("call.share_began", { name }));
    if (!sharing && known?.sharing) announce(t("call.share_ended", { name }));
  }
  for (const [id, { name }] of before) {
    if (!now.has(id)) announce(t("call.went", { name }));
  }
}
