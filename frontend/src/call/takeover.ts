/** Tells our own new connection from one that was opened in another tab. */

/**
 * Django tells every tab of a participant the identity of its newest connection, and the news of
 * our own may come before the answer that brought us its token.
 */
export class Takeover {
  #own: string | null = null;
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
    this.#own = identity ?? this.#own;
    const told = this.#told;
    return identity !== null && told.includes(identity) && told.at(-1) !== identity;
  }

  /** Django named the newest connection. True: it is another tab's. */
  hear(identity: string): boolean {
    if (this.#minting) {
      this.#told.push(identity);
      return false;
    }
    return this.#own !== null && identity !== this.#own;
  }
}
