/** Who speaks: in at once, out after a while, so that rings do not flicker between words. */

export const RELEASE = 600;

export class Speaking {
  #speaking = new Map<string, ReturnType<typeof setTimeout> | null>();
  #lastSpokeAt = new Map<string, number>();
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  has(id: string): boolean {
    return this.#speaking.has(id);
  }

  lastSpokeAt(id: string): number {
    return this.#lastSpokeAt.get(id) ?? 0;
  }

  /** Takes the ids of those who speak now. */
  update(ids: ReadonlySet<string>): void {
    const now = Date.now();
    let changed = false;
    for (const id of ids) {
      this.#lastSpokeAt.set(id, now);
      if (!this.#speaking.has(id)) changed = true;
      this.#keep(id);
    }
    for (const [id, release] of this.#speaking) {
      if (!ids.has(id) && release === null) this.#releaseLater(id);
    }
    if (changed) this.#onChange();
  }

  clear(): void {
    for (const release of this.#speaking.values()) clearTimeout(release ?? undefined);
    this.#speaking.clear();
  }

  #keep(id: string): void {
    clearTimeout(this.#speaking.get(id) ?? undefined);
    this.#speaking.set(id, null);
  }

  #releaseLater(id: string): void {
    const release = setTimeout(() => {
      this.#lastSpokeAt.set(id, Date.now());
      this.#speaking.delete(id);
      this.#onChange();
    }, RELEASE);
    this.#speaking.set(id, release);
  }
}
