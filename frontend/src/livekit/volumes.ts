/** How loud each person is for us: two values, so that hearing somebody again restores the level. */

export type PersonVolume = { readonly volume: number; readonly muted: boolean };

const FULL: PersonVolume = { volume: 1, muted: false };
const STORAGE_KEY = "nonza.volumes";
const MOST_REMEMBERED = 200;

/** Keyed by participant id, remembered in the browser; the newest choices outlive the oldest. */
export class VolumeStore {
  #volumes = new Map<string, PersonVolume>();
  #listeners = new Set<(id: string) => void>();
  readonly #storage: Storage | null;

  constructor(storage: Storage | null) {
    this.#storage = storage;
    this.#restore();
  }

  get = (id: string): PersonVolume => this.#volumes.get(id) ?? FULL;

  setVolume(id: string, volume: number): void {
    this.#set(id, { ...this.get(id), volume: Math.min(Math.max(volume, 0), 1) });
  }

  setMuted(id: string, muted: boolean): void {
    this.#set(id, { ...this.get(id), muted });
  }

  subscribe = (listener: (id: string) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  #set(id: string, volume: PersonVolume): void {
    this.#volumes.delete(id);
    this.#volumes.set(id, volume);
    this.#remember();
    for (const listener of this.#listeners) listener(id);
  }

  #restore(): void {
    try {
      const saved: unknown = JSON.parse(this.#storage?.getItem(STORAGE_KEY) ?? "[]");
      for (const entry of Array.isArray(saved) ? saved : []) this.#take(entry);
    } catch {
      // What cannot be read is as if nothing had been chosen.
    }
  }

  /** Whatever else writes into this storage must neither break a call nor deafen anybody. */
  #take(entry: unknown): void {
    if (!Array.isArray(entry)) return;
    const [id, kept] = entry as unknown[];
    if (typeof id !== "string" || typeof kept !== "object" || kept === null) return;
    const { volume, muted } = kept as Record<string, unknown>;
    if (typeof volume !== "number" || typeof muted !== "boolean") return;
    if (volume >= 0 && volume <= 1) this.#volumes.set(id, { volume, muted });
  }

  #remember(): void {
    const newest = [...this.#volumes].slice(-MOST_REMEMBERED);
    try {
      this.#storage?.setItem(STORAGE_KEY, JSON.stringify(newest));
    } catch {
      // A full or forbidden storage costs only the memory of it.
    }
  }
}

/** Under this the sound of a shared screen has its own level, apart from the person's voice. */
export function screenVolumeId(participantId: string): string {
  return `${participantId}:screen`;
}
