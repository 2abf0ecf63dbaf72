/** Holds one stay in a call together: the media, the session's news, and how it ends. */

import { ProblemError } from "../api/problem";
import { configureReach } from "../api/reach";
import { SessionFeed } from "../api/sessionFeed";
import { endSession, getSession, joinSession, leaveSession, mintToken } from "../api/sessions";
import type { SocketEvent } from "../api/socket";
import type { CallToken, EndedReason, Participant, Session } from "../api/types";
import { SpokenTime } from "../livekit/spokenTime";
import type { CallGrant, CallOptions, LostReason, MediaCall } from "../livekit/types";
import { endOfRefusalInCall } from "../sessions/ends/endOfRefusal";
import { ended, endOfSession } from "../sessions/ends/endOfSession";
import type { EndReason } from "../sessions/types";
import { Takeover } from "./takeover";

export type ControllerOptions = {
  session: Session;
  participant: Participant;
  /** For the first entry, if it has been asked for already. */
  firstToken: Promise<CallToken> | null;
  createCall: (getGrant: CallOptions["getGrant"]) => MediaCall;
  onEnd: (end: EndReason) => void;
};

const ASK_AGAIN = 5_000;

export class CallController {
  readonly call: MediaCall;
  readonly feed: SessionFeed;
  readonly #options: ControllerOptions;
  readonly #slug: string;
  readonly #takeover = new Takeover();
  readonly #spoken = new SpokenTime();
  #firstToken: Promise<CallToken> | null;
  #askAgain: ReturnType<typeof setTimeout> | undefined;
  #offCall: (() => void) | null = null;
  #over = false;

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#slug = options.session.slug;
    this.#firstToken = options.firstToken;
    configureReach(`/ws/sessions/${this.#slug}/`);
    this.call = options.createCall((lost) => this.#getGrant(lost));
    this.feed = new SessionFeed({
      session: { ...options.session, me: options.session.me ?? options.participant },
      takeSpokenTime: () => this.#spoken.take(),
      onEvent: (event) => this.#hear(event),
      onRefused: () => void this.#askWhy(),
    });
  }

  start(): void {
    this.#over = false;
    let phase = this.call.getSnapshot().phase;
    this.#offCall = this.call.subscribe(() => {
      const now = this.call.getSnapshot();
      this.feed.setMicrophone(now.microphone.on);
      this.#spoken.note(now.people.some((person) => person.own && person.speaking));
      if (now.phase === "connected" && phase !== "connected") this.feed.wake();
      phase = now.phase;
    });
    this.call.start();
    this.feed.start();
  }

  /** Lets go of everything, without leaving: a reload comes back to the same seat. */
  stop(): void {
    this.#over = true;
    this.#offCall?.();
    clearTimeout(this.#askAgain);
    this.call.stop();
    this.feed.stop();
  }

  leave(): void {
    this.#end({ kind: "left" });
    // The server would notice by itself; this only frees the seat sooner.
    leaveSession(this.#slug).catch(() => undefined);
  }

  /** Rejects if the server did not end the session; then one is still in the call. */
  async endForAll(): Promise<void> {
    const session = await endSession(this.#slug);
    this.#end(ended(session, session.ended_reason || "host_ended"));
  }

  #end(end: EndReason): void {
    if (this.#over) return;
    this.stop();
    this.#options.onEnd(end);
  }

  async #getGrant(lost: LostReason | null): Promise<CallGrant | null> {
    const end = await this.#endAfter(lost);
    if (end) {
      this.#end(end);
      return null;
    }
    this.#takeover.begin();
    try {
      const grant = await this.#mint(lost !== null);
      if (!this.#takeover.finish(grant.identity)) return grant;
      this.#end({ kind: "other_tab" });
      return null;
    } catch (error) {
      this.#takeover.finish(null);
      const final = endOfRefusalInCall(error);
      if (!final) throw error;
      this.#end(final);
      return null;
    }
  }

  /** Who was counted as gone meanwhile takes a seat again. */
  async #mint(afterLoss: boolean): Promise<CallToken> {
    const first = this.#firstToken;
    this.#firstToken = null;
    try {
      return await (first ?? mintToken(this.#slug, { afterLoss }));
    } catch (error) {
      if (!(error instanceof ProblemError) || error.code !== "not_admitted") throw error;
      await joinSession(this.#slug, this.#options.participant.display_name);
      return mintToken(this.#slug, { afterLoss });
    }
  }

  /** LiveKit does not know why it let somebody go; Django does. */
  async #endAfter(lost: LostReason | null): Promise<EndReason | null> {
    if (lost === "taken_over") return { kind: "other_tab" };
    if (lost !== "removed" && lost !== "room_deleted") return null;
    try {
      const session = await getSession(this.#slug);
      const end = endOfStay(session);
      if (end || lost !== "removed") return end;
      // Removed, and still inside: the place was given to another tab of the same person. Who came
      // back too late is not inside any more; the next token says whether a seat is free.
      return session.me?.state === "admitted" ? { kind: "other_tab" } : null;
    } catch (error) {
      const end = endOfRefusalInCall(error);
      if (end) return end;
      throw error;
    }
  }

  #hear({ event, payload }: SocketEvent): void {
    if (event === "session.ended") {
      const { session } = this.feed.store.getState();
      this.#end(ended(session, (payload as { reason: EndedReason }).reason));
    } else if (event === "connection.superseded") {
      const { identity } = payload as { identity: string };
      if (this.#takeover.hear(identity)) this.#end({ kind: "other_tab" });
    } else if (event.startsWith("participant.")) {
      this.#hearOfPerson(payload as Participant);
    }
  }

  #hearOfPerson(person: Participant): void {
    if (person.id !== this.#options.participant.id) return;
    if (person.state === "removed" || person.state === "banned") this.#end({ kind: person.state });
  }

  /** The socket was refused. While Django still knows us as inside, it is asked again. */
  async #askWhy(): Promise<void> {
    let end: EndReason | null;
    try {
      end = endOfStay(await getSession(this.#slug));
    } catch (error) {
      end = endOfRefusalInCall(error);
    }
    if (this.#over) return;
    if (end) this.#end(end);
    else {
      clearTimeout(this.#askAgain);
      this.#askAgain = setTimeout(() => this.feed.start(), ASK_AGAIN);
    }
  }
}

/** Who has no place any more, the browser having lost what proved it, gets a new one at the gate. */
function endOfStay(session: Session): EndReason | null {
  return endOfSession(session) ?? (session.me === null ? { kind: "left" } : null);
}
