/** Tells our own new connection from one that was opened in another tab. */

/**
 * Django tells every tab of a participant the identity of its newest connection, and the news of
 * our own may come before the answer that brought us its token.
 */
export class Takeover {
  /** All that this tab asked for: the news of one may come after the next was given. */
  readonly #own = new Set<string>();
  #minting = false;
  #told: string[] = [];

  /** A token was asked for; its identity is not known yet. */
  begin(): void {
    this.#minting = true;
    this.#told = [];
  }

  /** The answer came, or null if none did. True: meanwhile another tab took over. */
  finish(identity: string | null): boolean {
    this.#minting = false;
    const told = this.#told;
    if (identity === null) return false;
    this.#own.add(identity);
    return told.includes(identity) && told.at(-1) !== identity;
  }

  /** Django named the newest connection. True: it is another tab's. */
  hear(identity: string): boolean {
    if (this.#minting) {
      this.#told.push(identity);
      return false;
    }
    return this.#own.size > 0 && !this.#own.has(identity);
  }
}
