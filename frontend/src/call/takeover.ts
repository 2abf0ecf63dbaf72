/** Tells our own new connection from one that was opened in another tab. */

/**
 * Django tells every tab of a participant the identity of its newest connection. News may come late
 * and before the answer that brought us our own token, but identities of one participant grow: the
 * greater of two is the newer.
 */
export class Takeover {
  #own = "";
  #minting = false;
  #told = "";

  /** A token was asked for; its identity is not known yet. */
  begin(): void {
    this.#minting = true;
    this.#told = "";
  }

  /** The answer came, or null if none did. True: meanwhile another tab took over. */
  finish(identity: string | null): boolean {
    this.#minting = false;
    if (identity === null) return false;
    this.#own = identity;
    return this.#told > identity;
  }

  /** Django named the newest connection. True: it is another tab's. */
  hear(identity: string): boolean {
    if (this.#minting) {
      if (identity > this.#told) this.#told = identity;
      return false;
    }
    return this.#own !== "" && identity > this.#own;
  }
}
