/** The outboxes of this page: one for each place, so that who leaves it and comes back finds the same. */

import { Outbox } from "./outbox";
import type { OutboxOptions } from "./outbox";

const outboxes = new Map<string, Outbox>();

export function outboxAt(place: string, send: OutboxOptions["send"]): Outbox {
  const known = outboxes.get(place) ?? new Outbox({ place, send });
  outboxes.set(place, known);
  return known;
}

/** For tests: another page begins. */
export function forgetOutboxes(): void {
  outboxes.clear();
}
