/**
 * A conversation in the page: loaded by HTTP, kept fresh by its stream, without a loss or a double
 * whichever comes first. What is heard while a request is under way is kept until its answer is there,
 * and the part of it that the answer does not hold yet is applied to it.
 */

import { fullJitter } from "../../api/backoff";
import { ProblemError } from "../../api/problem";
import type { LoggedEvent, Position } from "../../api/streams";
import type { Message, MessagePage } from "./types";
import { isOwn } from "./types";
import { applied, createdIn, patched, received, windowOf, withAfter, withBefore } from "./window";
import type { Owner, Window } from "./window";

export type ListQuery = {
  limit?: number;
  before?: number;
  after?: number;
  /** ISO time. */
  since?: string;
  /** Id of a message. */
  around?: string;
};

export type StoreOptions = Owner & {
  list: (query: ListQuery) => Promise<MessagePage>;
  onChange: () => void;
  /** Somebody has written, here or at the end that is out of sight. */
  onArrival?: (message: Message) => void;
  /** Messages kept at once; far ones go and can be loaded again. */
  most?: number;
};

export type StoreState = {
  messages: readonly Message[];
  hasBefore: boolean;
  hasAfter: boolean;
  loading: "first" | "before" | "after" | null;
  failed: boolean;
  unavailable: boolean;
  newer: number;
  readOffset: number | null;
  firstUnreadId: string | null;
  target: { id: string } | null;
};

const PAGE = 50;
const LARGE_PAGE = 200;
const MOST = 500;

const NOTHING: StoreState = {
  messages: [],
  hasBefore: false,
  hasAfter: false,
  loading: "first",
  failed: false,
  unavailable: false,
  newer: 0,
  readOffset: null,
  firstUnreadId: null,
  target: null,
};

export class MessageStore {
  readonly #options: StoreOptions;
  readonly #most: number;
  #state = NOTHING;
  #window: Window | null = null;
  /** The window has taken in the log up to here. */
  #at: Position | null = null;
  #heard: LoggedEvent[] = [];
  #asking = 0;
  /** Counts what replaces the window: an answer that was asked for before it is of no use. */
  #generation = 0;
  #again: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #replacing = false;
  /** What an answer under way must reach; "later": anything that is asked for after it. */
  #due: Position | "later" | null = null;
  /** The window does not follow the stream any more, until it is loaded anew. */
  #stale = false;
  /** The last offset that was in sight. */
  #inSight = -1;
  #stopped = false;

  constructor(options: StoreOptions) {
    this.#options = options;
    this.#most = options.most ?? MOST;
  }

  getState(): StoreState {
    return this.#state;
  }

  /** The position up to which everything is known. */
  get position(): Position | null {
    return this.#at;
  }

  start(): void {
    this.#stopped = false;
  }

  stop(): void {
    this.#stopped = true;
    this.#generation += 1;
    clearTimeout(this.#again);
  }

  /** The latest messages. Asks again by itself until they are there. */
  async load(): Promise<void> {
    await this.#insist(() => this.#options.list({ limit: PAGE }));
  }

  async loadBefore(): Promise<void> {
    const first = this.#window?.known[0]?.message.offset;
    if (first === undefined || !this.#state.hasBefore || this.#state.loading) return;
    await this.#extend("before", { limit: PAGE, before: first }, withBefore);
  }

  async loadAfter(): Promise<void> {
    const last = this.#window?.known.at(-1)?.message.offset;
    if (last === undefined || !this.#state.hasAfter || this.#state.loading) return;
    await this.#extend("after", { limit: PAGE, after: last }, withAfter);
  }

  /** Brings a message into sight; rejects where there is no such message. */
  async jumpToMessage(id: string, { around }: { around: boolean }): Promise<boolean> {
    if (!this.#holds(id)) {
      if (around) await this.#jump({ limit: PAGE, around: id });
      else {
        if (!this.#window) await this.load();
        await this.#searchBefore(id);
      }
    }
    if (!this.#holds(id)) return false;
    this.#set({ target: { id } });
    return true;
  }

  async jumpToDate(since: string): Promise<void> {
    const page = await this.#jump({ limit: PAGE, since });
    const id = page?.results[0]?.id ?? this.#state.messages.at(-1)?.id;
    if (id) this.#set({ target: { id } });
  }

  async jumpToLatest(): Promise<void> {
    if (this.#state.hasAfter) await this.#jump({ limit: PAGE });
    const last = this.#state.messages.at(-1);
    if (last) this.#set({ target: { id: last.id } });
  }

  /** One event of the stream. */
  logged(event: LoggedEvent): void {
    if (this.#asking > 0) this.#heard.push(event);
    if (this.#window) this.#follow(event);
  }

  /** The stream goes on after this position, and does not bring what was before. */
  reset(position: Position | null): void {
    // The answer that is under way may be older than this moment.
    if (this.#replacing) this.#due = position ?? "later";
    else if (this.#window && !reaches(this.#at, position)) {
      this.#stale = true;
      void this.#reload();
    }
  }

  /** What an answer says of one message, unless the stream has said more since it was asked. */
  async changing(id: string, ask: () => Promise<Message>): Promise<Message> {
    const before = this.#find(id)?.asOf;
    const message = await ask();
    const known = this.#find(id);
    if (known && known.asOf === before) {
      const answered = received(message, this.#options);
      this.touch(id, ({ reactions }) => ({ ...answered, reactions }));
    }
    return message;
  }

  /** Changes a message at once; the stream says later what became of it. */
  touch(id: string, next: (message: Message) => Message): void {
    this.#put(patched(this.#current(), id, next));
  }

  /** A reader at the end has seen so much: older ones may go when newer ones come. */
  sawUpTo(offset: number): void {
    this.#inSight = Math.max(this.#inSight, offset);
  }

  setReadOffset(readOffset: number | null): void {
    this.#set({ readOffset });
  }

  /** Rejects where no answer came; null: something else took the window's place meanwhile. */
  async #replace(fetch: () => Promise<MessagePage>): Promise<MessagePage | null> {
    clearTimeout(this.#again);
    this.#generation += 1;
    const generation = this.#generation;
    this.#replacing = true;
    this.#due = null;
    if (!this.#window) this.#set({ loading: "first" });
    try {
      return await this.#asked(fetch, (page) => {
        if (generation !== this.#generation) return null;
        this.#takeWhole(page);
        return page;
      });
    } catch (error) {
      if (generation === this.#generation) this.#afterNone();
      throw error;
    } finally {
      this.#finish(generation);
    }
  }

  #afterNone(): void {
    this.#replacing = false;
    this.#stale ||= this.#due !== null;
  }

  #finish(generation: number): void {
    if (generation !== this.#generation || !this.#replacing) return;
    this.#replacing = false;
    const due = this.#due;
    this.#stale = due !== null && (due === "later" || !reaches(this.#at, due));
    if (this.#stale) this.#lost();
    else this.#failures = 0;
  }

  /** Asks again by itself. */
  async #insist(fetch: () => Promise<MessagePage>): Promise<void> {
    try {
      await this.#replace(fetch);
    } catch (error) {
      this.#afterFailure(error);
    }
  }

  #afterFailure(error: unknown): void {
    const problem = error instanceof ProblemError ? error : null;
    const status = problem?.status ?? 0;
    const final = status >= 400 && status < 500 && status !== 429 && status !== 408;
    const unavailable = problem?.code === "chat_unavailable";
    this.#set({ loading: null, failed: !this.#window && !unavailable, unavailable });
    if (final || this.#stopped || this.#replacing) return;
    const wait = Math.max(fullJitter(this.#failures), (problem?.retryAfter ?? 0) * 1000);
    this.#failures += 1;
    this.#reloadIn(wait);
  }

  #reloadIn(milliseconds: number): void {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => void this.#reload(), milliseconds);
  }

  #takeWhole(page: MessagePage): void {
    const first = this.#window === null;
    this.#at = { epoch: page.epoch, offset: page.offset };
    this.#put(windowOf(page, this.#options));
    this.#set({ loading: null, failed: false, unavailable: false, newer: 0 });
    if (first) {
      this.#set({
        readOffset: page.read_offset ?? offsetBeforeUnread(page),
        firstUnreadId: page.first_unread_id ?? null,
      });
    }
    for (const event of this.#heard) this.#follow(event, { quiet: true });
  }

  /** Everything that is here once more; with the same log the reader keeps the place. */
  async #reload(): Promise<void> {
    const first = this.#window?.known[0]?.message.offset;
    const atEnd = this.#window !== null && this.#inSight >= (this.#edge("after") ?? -1);
    if (first === undefined || atEnd) return this.load();
    await this.#insist(() => this.#pagesFrom(first));
  }

  async #pagesFrom(first: number): Promise<MessagePage> {
    const epoch = this.#at?.epoch;
    const list = this.#options.list;
    const whole = await list({ limit: LARGE_PAGE, after: first - 1 });
    if (whole.epoch !== epoch) return list({ limit: PAGE });
    let page = whole;
    while (page.has_after && whole.results.length < this.#most) {
      page = await list({ limit: LARGE_PAGE, after: whole.results.at(-1)?.offset ?? first });
      if (page.epoch !== epoch) return list({ limit: PAGE });
      if (page.results.length === 0) break;
      whole.results.push(...page.results);
    }
    // As of the first page: what has happened since was heard and is applied to all of them.
    return { ...whole, has_after: page.has_after };
  }

  async #extend(
    side: "before" | "after",
    query: ListQuery,
    extended: typeof withBefore,
  ): Promise<void> {
    const generation = this.#generation;
    const edge = this.#edge(side);
    this.#set({ loading: side });
    try {
      await this.#asked(
        () => this.#options.list(query),
        (page) => {
          // Those at the edge may have gone meanwhile: the answer would leave a hole.
          if (generation === this.#generation && edge === this.#edge(side))
            this.#takePart(page, extended);
        },
      );
    } finally {
      if (this.#state.loading === side) this.#set({ loading: null });
    }
  }

  #takePart(page: MessagePage, extended: typeof withBefore): void {
    if (page.epoch !== this.#at?.epoch) {
      this.#lost();
      return;
    }
    let window = extended(this.#current(), page, this.#options, this.#most);
    // The rest of the window has taken these in already: each message knows by itself.
    for (const event of this.#heard) {
      const followed = event.epoch === page.epoch && event.offset <= this.#at.offset;
      if (followed && event.offset > page.offset) window = applied(window, event, this.#options);
    }
    this.#put(window);
    if (!window.hasAfter) this.#set({ newer: 0 });
  }

  async #jump(query: ListQuery): Promise<MessagePage | null> {
    try {
      return await this.#replace(() => this.#options.list(query));
    } catch (error) {
      // Where it was, it goes on; a load that the jump took the place of comes after all.
      if (!this.#replacing && (this.#stale || !this.#window)) this.#reloadIn(0);
      throw error;
    }
  }

  async #searchBefore(id: string): Promise<void> {
    while (!this.#holds(id) && this.#state.hasBefore && !this.#state.loading) {
      const first = this.#window?.known[0]?.message.offset ?? 0;
      await this.#extend("before", { limit: LARGE_PAGE, before: first }, withBefore);
    }
  }

  async #asked<Result>(
    fetch: () => Promise<MessagePage>,
    take: (page: MessagePage) => Result,
  ): Promise<Result> {
    this.#asking += 1;
    try {
      return take(await fetch());
    } finally {
      this.#asking -= 1;
      if (this.#asking === 0) this.#heard = [];
    }
  }

  /** `quiet`: it was heard before, and told. */
  #follow(event: LoggedEvent, { quiet = false } = {}): void {
    const at = this.#at;
    if (!at) return;
    if (event.epoch !== at.epoch || event.offset > at.offset + 1) {
      this.#lost();
      return;
    }
    if (event.offset <= at.offset) return;
    this.#at = { epoch: at.epoch, offset: event.offset };
    const current = this.#current();
    this.#put(this.#trimmed(applied(current, event, this.#options)));
    const created = createdIn(event, this.#options);
    if (!created) return;
    const message = received(created, this.#options);
    const counts = message.kind === "user" && !isOwn(this.#options.me, message.author);
    if (this.#current().hasAfter && counts) this.#set({ newer: this.#state.newer + 1 });
    if (!quiet) this.#options.onArrival?.(message);
  }

  /** While nobody looks at the older ones they go; else the newer ones are counted from now on. */
  #trimmed(window: Window): Window {
    if (window.known.length <= this.#most * 2) return window;
    const before = window.known.at(-2)?.message.offset ?? 0;
    if (this.#inSight < before) {
      return { ...window, known: window.known.slice(0, -1), hasAfter: true };
    }
    return { ...window, known: window.known.slice(-this.#most), hasBefore: true };
  }

  /** The stream and the window do not fit together any more. */
  #lost(): void {
    if (this.#stopped) return;
    if (this.#replacing) {
      this.#due = "later";
      return;
    }
    this.#stale = true;
    this.#failures += 1;
    // At once the first time; a server that is of two minds is not asked without a pause.
    this.#reloadIn(this.#failures === 1 ? 0 : fullJitter(this.#failures));
  }

  #current(): Window {
    return this.#window ?? { known: [], hasBefore: false, hasAfter: false };
  }

  #find(id: string) {
    return this.#window?.known.find(({ message }) => message.id === id);
  }

  #holds(id: string): boolean {
    return this.#find(id) !== undefined;
  }

  #edge(side: "before" | "after"): number | undefined {
    return this.#window?.known.at(side === "before" ? 0 : -1)?.message.offset;
  }

  #put(window: Window): void {
    if (window === this.#window) return;
    this.#window = window;
    this.#set({
      messages: window.known.map(({ message }) => message),
      hasBefore: window.hasBefore,
      hasAfter: window.hasAfter,
    });
  }

  #set(change: Partial<StoreState>): void {
    this.#state = { ...this.#state, ...change };
    this.#options.onChange();
  }
}

function reaches(at: Position | null, position: Position | null): boolean {
  if (at === null || position === null) return false;
  return at.epoch === position.epoch && at.offset >= position.offset;
}

/** Of who has never read here: the place before what was written since they came. */
function offsetBeforeUnread(page: MessagePage): number | null {
  const first = page.results.find((message) => message.id === page.first_unread_id);
  return first ? first.offset - 1 : null;
}
