/** What this page knows of a session: loaded by HTTP, kept fresh by pushes. */

import type { SocketEvent } from "./socket";
import type { Participant, Session } from "./types";

export type SessionState = {
  session: Session;
  /** Everybody admitted, by id. */
  participants: ReadonlyMap<string, Participant>;
  /** False until the first list of participants has come. */
  loaded: boolean;
};

export type Snapshot = { session: Session; participants: Participant[] };

export class SessionStore {
  #state: SessionState;
  #listeners = new Set<() => void>();
  #held: SocketEvent[] | null = null;
  #loading = 0;

  constructor(session: Session) {
    const me = session.me;
    this.#state = {
      session,
      participants: new Map(me ? [[me.id, me]] : []),
      loaded: false,
    };
  }

  getState = (): SessionState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /**
   * Replaces everything by what `fetch` answers. Events that come meanwhile wait and are applied
   * after it, so nothing that happened during the load is lost. Of two loads the later one counts.
   */
  async load(fetch: () => Promise<Snapshot>): Promise<void> {
    this.#loading += 1;
    const turn = this.#loading;
    this.#held ??= [];
    try {
      const snapshot = await fetch();
      if (turn === this.#loading) this.#replace(snapshot);
    } finally {
      if (turn === this.#loading) this.#release();
    }
  }

  /** Takes in one event of the session's socket; those it does not know leave it as it is. */
  apply(event: SocketEvent): void {
    if (this.#held) {
      this.#held.push(event);
      return;
    }
    const next = reduce(this.#state, event);
    if (next !== this.#state) this.#set(next);
  }

  #replace({ session, participants }: Snapshot): void {
    this.#set({
      session: { ...session, me: session.me ?? this.#state.session.me },
      participants: new Map(participants.map((person) => [person.id, person])),
      loaded: true,
    });
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const event of held) this.apply(event);
  }

  #set(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

function reduce(state: SessionState, { event, payload }: SocketEvent): SessionState {
  if (event === "session.changed") {
    const session = payload as Session;
    if (session.updated_at < state.session.updated_at) return state;
    return { ...state, session: { ...session, me: state.session.me } };
  }
  if (event === "session.ended") {
    const { reason } = payload as { reason: Session["ended_reason"] };
    return { ...state, session: { ...state.session, status: "ended", ended_reason: reason } };
  }
  if (event.startsWith("participant.")) return withParticipant(state, payload as Participant);
  return state;
}

function withParticipant(state: SessionState, person: Participant): SessionState {
  const known = state.participants.get(person.id);
  if (known && person.updated_at < known.updated_at) return state;
  const participants = new Map(state.participants);
  if (person.state === "admitted") participants.set(person.id, person);
  else participants.delete(person.id);
  const { me } = state.session;
  const session = me?.id === person.id ? { ...state.session, me: person } : state.session;
  return { ...state, session, participants };
}
