/** Remembers for a minute that this tab was in a call, so that a reload goes straight back in. */

export type Presence = { microphoneOn: boolean; cameraOn: boolean };

const KEY = "nonza.presence";
const LASTS = 60_000;

export function rememberPresence(slug: string, { microphoneOn, cameraOn }: Presence): void {
  try {
    const text = JSON.stringify({ slug, at: Date.now(), microphoneOn, cameraOn });
    sessionStorage.setItem(KEY, text);
  } catch {
    // Without a storage a reload leads through the gate.
  }
}

/** What was on when this tab was last in this session's call, or null if that is too long ago. */
export function recallPresence(slug: string): Presence | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null") as
      (Presence & { slug: string; at: number }) | null;
    if (kept?.slug !== slug || Date.now() - kept.at > LASTS) return null;
    return { microphoneOn: kept.microphoneOn, cameraOn: kept.cameraOn };
  } catch {
    return null;
  }
}

export function forgetPresence(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was remembered then.
  }
}
