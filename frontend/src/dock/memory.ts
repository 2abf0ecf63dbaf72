/** Remembers for a minute which call this tab is in, so that a reload of the page goes on with it. */

import type { Place } from "./types";

const KEY = "nonza.dock";
const LASTS = 60_000;

export type Remembered = { place: Place; slug: string; expanded: boolean };

export function rememberCall(call: Remembered): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ ...call, at: Date.now() }));
  } catch {
    // Without a storage a reload ends the stay.
  }
}

export function recallCall(): Remembered | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null") as
      (Remembered & { at: number }) | null;
    if (!kept || Date.now() - kept.at > LASTS) return null;
    return { place: kept.place, slug: kept.slug, expanded: kept.expanded };
  } catch {
    return null;
  }
}

export function forgetCall(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was remembered then.
  }
}
