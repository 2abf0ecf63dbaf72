/**
 * Loads the page that is open once more and draws what has changed, without taking anything out of
 * anybody's hands. Many may be told of the same change at once: each waits a random while, and nobody
 * asks more often than every few seconds.
 */

import { morph } from "./morph";

export type ReloadOptions = {
  /** Elements that are new to the page, so that they come alive. */
  onNew: (element: Element) => void;
  /** The page is as the server drew it: what is counted along begins anew. */
  onLoaded: () => void;
  /** The page that is open is not there any more, or not for oneself. */
  onGone: () => void;
  fetchPage?: FetchPage;
};

/** null: nothing that could be drawn came. */
type FetchPage = (address: string) => Promise<Document | "gone" | null>;

const SPREAD = 3_000;
const PAUSE = 5_000;
const PARTS = ["sidebar", "main"];
const GONE = [403, 404];

export class PageReload {
  readonly #options: ReloadOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #loadedAt = -Infinity;
  #loading = false;
  #again = false;
  #held: (() => void)[] = [];
  #stopped = false;

  constructor(options: ReloadOptions) {
    this.#options = options;
  }

  /** Soon; asked again before that it is the same reload. */
  ask(): void {
    if (this.#stopped) return;
    if (this.#loading) {
      this.#again = true;
      return;
    }
    if (this.#timer !== undefined) return;
    const rest = Math.max(0, this.#loadedAt + PAUSE - Date.now());
    this.#timer = setTimeout(() => void this.#load(), rest + Math.random() * SPREAD);
  }

  /** Draws at once, or after the load that is under way: what it brings may be older. */
  draw(change: () => void): void {
    if (this.#loading) this.#held.push(change);
    else change();
  }

  /** Somebody has opened another page: it is fresh. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#loadedAt = Date.now();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #load(): Promise<void> {
    this.#timer = undefined;
    this.#loading = true;
    this.#again = false;
    const { href } = location;
    const fetched = await (this.#options.fetchPage ?? fetchPage)(href).catch(() => null);
    // Meanwhile somebody went on, to a page that is fresh.
    const isHere = href === location.href && !this.#stopped;
    if (fetched instanceof Document && isHere) this.#put(fetched);
    this.#finish();
    if (fetched === "gone" && isHere) this.#options.onGone();
  }

  #finish(): void {
    this.#loadedAt = Date.now();
    this.#loading = false;
    const held = this.#held;
    this.#held = [];
    for (const change of held) change();
    if (this.#again) this.ask();
  }

  #put(fetched: Document): void {
    for (const id of PARTS) {
      const old = document.getElementById(id);
      const next = fetched.getElementById(id);
      // A form that was refused is on no page that can be loaded: it stays until it is sent again.
      if (id === "main" && old?.querySelector('[aria-invalid="true"]')) continue;
      if (old && next) morph(old, next, this.#options.onNew);
    }
    this.#options.onLoaded();
  }
}

async function fetchPage(address: string): Promise<Document | "gone" | null> {
  const response = await fetch(address, { credentials: "same-origin", cache: "no-store" });
  if (GONE.includes(response.status)) return "gone";
  if (!response.ok || response.redirected) return null;
  return new DOMParser().parseFromString(await response.text(), "text/html");
}
