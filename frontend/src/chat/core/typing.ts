/** Who writes just now: told seldom, and forgotten soon. */

import type { TypingStarted, Who } from "./types";

/** A little more than the server's two seconds, which it counts from when it hears. */
const EVERY = 2_500;
const LASTS = 6_000;
const MOST = 20;

/** Tells that one writes oneself, as often as the server takes it. */
export class TypingTeller {
  readonly #tell: () => Promise<unknown>;
  #toldAt = -Infinity;

  constructor(tell: () => Promise<unknown>) {
    this.#tell = tell;
  }

  note = (): void => {
    if (Date.now() - this.#toldAt < EVERY) return;
    this.#toldAt = Date.now();
    // Nobody misses it.
    this.#tell().catch(() => undefined);
  };
}

/** The others who write. */
export class TypingList {
  readonly #me: Who;
  readonly #onChange: () => void;
  readonly #writing = new Map<string, { name: string; timer: ReturnType<typeof setTimeout> }>();

  constructor(me: Who, onChange: () => void) {
    this.#me = me;
    this.#onChange = onChange;
  }

  names(): string[] {
    return [...this.#writing.values()].map(({ name }) => name);
  }

  hear(typing: TypingStarted): void {
    const key = keyOfPerson(typing);
    if (key === null || key === keyOfPerson(this.#me)) return;
    const known = this.#writing.get(key);
    clearTimeout(known?.timer);
    if (!known && this.#writing.size >= MOST) return;
    const timer = setTimeout(() => this.#forget(key), LASTS);
    this.#writing.set(key, { name: typing.display_name, timer });
    if (known?.name !== typing.display_name) this.#onChange();
  }

  /** The words are there: nobody writes them any more. */
  wrote(author: Who | null): void {
    const key = author && keyOfPerson(author);
    if (key !== null) this.#forget(key);
  }

  stop(): void {
    for (const { timer } of this.#writing.values()) clearTimeout(timer);
    this.#writing.clear();
  }

  #forget(key: string): void {
    clearTimeout(this.#writing.get(key)?.timer);
    if (this.#writing.delete(key)) this.#onChange();
  }
}

function keyOfPerson({ participant_id, user_id }: Who): string | null {
  return participant_id ?? user_id ?? null;
}
