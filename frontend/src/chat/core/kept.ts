/** What the browser keeps for us, where it keeps anything at all. */

/** null: a private window that keeps nothing, or a frame that may not. */
export function storageOf(kind: "localStorage" | "sessionStorage"): Storage | null {
  try {
    return globalThis[kind];
  } catch {
    return null;
  }
}

export function readKept(storage: Storage | null, key: string): unknown {
  try {
    return JSON.parse(storage?.getItem(key) ?? "null") as unknown;
  } catch {
    return null;
  }
}

/** A browser that is full keeps the page going without it. */
export function keep(storage: Storage | null, key: string, value: unknown): void {
  try {
    if (value === null) storage?.removeItem(key);
    else storage?.setItem(key, JSON.stringify(value));
  } catch {
    // Only a reload would miss it.
  }
}
