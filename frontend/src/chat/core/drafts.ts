/** What one has begun to write, for each place; it survives a reload, and old ones go. */

import { keep, readKept, storageOf } from "./kept";
import type { Draft, ReplyQuote } from "./types";

const MOST = 50;
const LONGEST = 20_000;
const INDEX = "nonza.drafts";
const keyOf = (place: string) => `nonza.draft.${place}`;
const EMPTY: Draft = { text: "", replyTo: null };

export class Drafts {
  readonly #storage: Storage | null;
  readonly #place: string;
  /** Kept here as well: a browser that keeps nothing loses it with a reload only. */
  #draft: Draft;

  constructor(place: string, storage = storageOf("localStorage")) {
    this.#place = place;
    this.#storage = storage;
    this.#draft = asDraft(readKept(storage, keyOf(place)));
  }

  get = (): Draft => this.#draft;

  set = (draft: Draft): void => {
    this.#draft = draft;
    const isEmpty = draft.text === "" && draft.replyTo === null;
    const text = draft.text.slice(0, LONGEST);
    keep(this.#storage, keyOf(this.#place), isEmpty ? null : { ...draft, text });
    this.#list(isEmpty);
  };

  /** The places that have a draft, the newest last. */
  #list(isEmpty: boolean): void {
    const known = placesOf(readKept(this.#storage, INDEX));
    if (!isEmpty && known.at(-1) === this.#place) return;
    const others = known.filter((place) => place !== this.#place);
    const places = isEmpty ? others : [...others, this.#place];
    for (const old of places.splice(0, places.length - MOST)) {
      keep(this.#storage, keyOf(old), null);
    }
    keep(this.#storage, INDEX, places.length > 0 ? places : null);
  }
}

function placesOf(kept: unknown): string[] {
  return Array.isArray(kept) ? kept.filter((place) => typeof place === "string") : [];
}

function asDraft(kept: unknown): Draft {
  if (typeof kept !== "object" || kept === null) return EMPTY;
  const { text, replyTo } = kept as Partial<Draft>;
  return { text: typeof text === "string" ? text : "", replyTo: asQuote(replyTo) };
}

function asQuote(kept: unknown): ReplyQuote | null {
  const quote = kept as ReplyQuote | null | undefined;
  return quote && typeof quote.id === "string" && typeof quote.text === "string" ? quote : null;
}
