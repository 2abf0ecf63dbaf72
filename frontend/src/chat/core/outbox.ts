/**
 * Own messages until the server has them: shown at once, sent one after the other in their order,
 * tried again under the same client id (so that none is sent twice), kept over a reload of the page.
 */

import { fullJitter } from "../../api/backoff";
import { ProblemError } from "../../api/problem";
import { keep, readKept, storageOf } from "./kept";
import type { Message, PendingMessage } from "./types";

export type Sent = { client_id: string; message: Message };
export type Entry =
  | { state: "sending"; pending: PendingMessage }
  | { state: "failed"; pending: PendingMessage; error: string; final: boolean }
  /** Accepted; it stays until the stream, or a page, has brought it. */
  | { state: "sent"; pending: PendingMessage; message: Message };

export type OutboxOptions = {
  place: string;
  send: (pending: PendingMessage) => Promise<Message>;
  storage?: Storage | null;
};

/** Kept over a reload. */
const MOST = 50;
const TRIES = 5;
/** A message that came much later than it was written would say something else. */
const COMES_BACK_WITHIN = 10 * 60_000;
const TRIED_AGAIN = [0, 408, 425, 429];

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #storage: Storage | null;
  readonly #listeners = new Set<() => void>();
  #entries: readonly Entry[];
  #sending = false;
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wakeUp: (() => void) | null = null;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#storage = options.storage === undefined ? storageOf("sessionStorage") : options.storage;
    this.#entries = pendingIn(readKept(this.#storage, this.#key)).map((pending) => ({
      state: "sending",
      pending,
    }));
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Goes on with what a reload has interrupted. */
  start(): void {
    void this.#work();
  }

  add(pending: PendingMessage): void {
    this.#put([...this.#entries, { state: "sending", pending }]);
    void this.#work();
  }

  /** "Send again": with it go those that failed for the same reason, the network, in their order. */
  retry(clientId: string): void {
    const asked = this.#find(clientId);
    if (asked?.state !== "failed") return;
    this.#again((entry) => entry === asked || !entry.final);
  }

  discard(clientId: string): void {
    this.#put(this.#entries.filter(({ pending }) => pending.client_id !== clientId));
  }

  /** The network is there: what waits goes now, and what has given up not long ago tries again. */
  wake(): void {
    const since = Date.now() - COMES_BACK_WITHIN;
    this.#again((entry) => !entry.final && Date.parse(entry.pending.at) >= since);
    this.#wakeUp?.();
  }

  /** These are in the conversation, whoever told so first. */
  arrived(clientIds: ReadonlySet<string>): void {
    const left = this.#entries.filter(({ pending }) => !clientIds.has(pending.client_id));
    if (left.length < this.#entries.length) this.#put(left);
  }

  get #key(): string {
    return `nonza.outbox.${this.#options.place}`;
  }

  #find(clientId: string): Entry | undefined {
    return this.#entries.find(({ pending }) => pending.client_id === clientId);
  }

  #again(which: (entry: Entry & { state: "failed" }) => boolean): void {
    this.#tries = 0;
    this.#put(
      this.#entries.map((entry) =>
        entry.state === "failed" && which(entry)
          ? { state: "sending", pending: entry.pending }
          : entry,
      ),
    );
    void this.#work();
  }

  async #work(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    for (let next = this.#next(); next; next = this.#next()) await this.#send(next);
    this.#sending = false;
  }

  #next(): PendingMessage | undefined {
    return this.#entries.find(({ state }) => state === "sending")?.pending;
  }

  async #send(pending: PendingMessage): Promise<void> {
    try {
      const message = await this.#options.send(pending);
      this.#tries = 0;
      this.#change(pending, { state: "sent", pending, message });
    } catch (error) {
      await this.#afterFailure(pending, error);
    }
  }

  async #afterFailure(pending: PendingMessage, error: unknown): Promise<void> {
    const problem = error instanceof ProblemError ? error : null;
    const status = problem?.status ?? 0;
    const words = wordsOf(problem);
    if (status < 500 && !TRIED_AGAIN.includes(status)) {
      this.#change(pending, { state: "failed", pending, error: words, final: true });
      return;
    }
    this.#tries += 1;
    if (this.#tries < TRIES) {
      await this.#pause(Math.max(fullJitter(this.#tries), (problem?.retryAfter ?? 0) * 1000));
      return;
    }
    this.#tries = 0;
    // Those behind it would fail as well, and must not overtake it.
    this.#put(
      this.#entries.map((entry) =>
        entry.state === "sending"
          ? { state: "failed", pending: entry.pending, error: words, final: false }
          : entry,
      ),
    );
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((done) => {
      this.#wakeUp = () => {
        clearTimeout(this.#timer);
        this.#wakeUp = null;
        done();
      };
      this.#timer = setTimeout(this.#wakeUp, milliseconds);
    });
  }

  #change(pending: PendingMessage, next: Entry): void {
    this.#put(
      this.#entries.map((entry) => (entry.pending.client_id === pending.client_id ? next : entry)),
    );
  }

  #put(entries: readonly Entry[]): void {
    this.#entries = entries;
    const pending = entries.filter(({ state }) => state !== "sent").map((entry) => entry.pending);
    keep(this.#storage, this.#key, pending.length > 0 ? pending.slice(0, MOST) : null);
    for (const listener of [...this.#listeners]) listener();
  }
}

/** What the server said about it; "" where it said nothing. */
function wordsOf(problem: ProblemError | null): string {
  if (!problem || problem.status === 0) return "";
  return problem.errors[0]?.detail || problem.detail || problem.title;
}

function pendingIn(kept: unknown): PendingMessage[] {
  if (!Array.isArray(kept)) return [];
  return (kept as Partial<PendingMessage>[])
    .filter((entry) => typeof entry.client_id === "string" && typeof entry.text === "string")
    .slice(0, MOST)
    .map((entry) => ({
      client_id: entry.client_id ?? "",
      text: entry.text ?? "",
      reply_to: entry.reply_to ?? null,
      mentions: entry.mentions ?? [],
      attachments: entry.attachments ?? [],
      at: entry.at ?? new Date().toISOString(),
    }));
}
