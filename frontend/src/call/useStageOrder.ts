/** Keeps the others in their places on the stage from one moment to the next. */

import { useState } from "react";
import type { CallPerson } from "./callPeople";
import { arrange } from "./stageOrder";

/** People in the order of their tiles, oneself last. */
export function useStageOrder(people: readonly CallPerson[], firstPage: number): CallPerson[] {
  const [order, setOrder] = useState<readonly string[]>([]);
  const others = people.filter((person) => !person.own);
  const next = arrange(
    order,
    others.map(({ id, joinedAt, media }) => ({
      id,
      joinedAt,
      speaking: media?.speaking ?? false,
      lastSpokeAt: media?.lastSpokeAt ?? 0,
    })),
    firstPage,
  );
  // Kept during the render: the order depends on the order before.
  if (next.length !== order.length || next.some((id, place) => id !== order[place])) {
    setOrder(next);
  }
  const byId = new Map(others.map((person) => [person.id, person]));
  return [...next.flatMap((id) => byId.get(id) ?? []), ...people.filter((person) => person.own)];
}
