/** The one call that goes on beside the pages of a space: where it is, how far, large or in a bar. */

import { leaveSession } from "../api/sessions";
import { endOfFailure, endOfRefusal } from "../sessions/ends/endOfRefusal";
import { recallPresence } from "../sessions/presence";
import { missingSupport } from "../sessions/support";
import type { EndReason } from "../sessions/types";
import { enterPlace } from "./enter";
import { forgetCall, recallCall, rememberCall } from "./memory";
import { samePlace } from "./types";
import type { DockState, DockStep, Place } from "./types";

const NOTHING: DockState = { step: { at: "none" }, expanded: false, wanted: null, page: 0 };
/** A stay that ended by oneself, or that one need not read about twice. */
const QUIET: readonly EndReason["kind"][] = ["left"];

export type CallDockOptions = {
  displayName: string;
  /** The call ended while one was looking at something else. */
  onEndInBar: (end: EndReason, place: Place) => void;
};

export class CallDock {
  readonly #options: CallDockOptions;
  readonly #listeners = new Set<() => void>();
  #state = NOTHING;
  /** Counts the tries to enter: of two only the later one goes on. */
  #turn = 0;

  constructor(options: CallDockOptions) {
    this.#options = options;
  }

  getState = (): DockState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** One press: into the call, or to its large view if one is in it; from another one it asks first. */
  enter = (place: Place): void => {
    const { at } = this.#state.step;
    if (this.isIn(place)) this.expand();
    else if (at === "call" || at === "entering") this.#put({ wanted: place });
    else void this.#enter(place, true);
  };

  isIn(place: Place): boolean {
    const { step } = this.#state;
    return (step.at === "call" || step.at === "entering") && samePlace(step.place, place);
  }

  /** Out of the call and into the one that was asked for. */
  move = (): void => {
    const { wanted } = this.#state;
    if (!wanted) return;
    this.leave();
    void this.#enter(wanted, true);
  };

  stay = (): void => this.#put({ wanted: null });

  expand = (): void => this.#put({ expanded: true });

  collapse = (): void => {
    const { at } = this.#state.step;
    // An end that was read has nothing to go on with in a bar.
    if (at === "end") this.close();
    else this.#put({ expanded: false });
  };

  /** Another page was opened beside the call: large only on the call's own. */
  turnTo(path: string): void {
    const { step, page } = this.#state;
    const place = step.at === "none" ? null : step.place;
    const own = place?.kind === "channel" && path === `/channels/${place.id}/`;
    this.#put({ page: page + 1 });
    if (place && !own) this.collapse();
    else if (own) this.expand();
  }

  leave = (): void => {
    const { step } = this.#state;
    if (step.at === "call") leaveSession(step.answer.session.slug).catch(() => undefined);
    this.close();
  };

  /** Nothing is left in the dock. */
  close = (): void => {
    this.#turn += 1;
    forgetCall();
    this.#put({ step: NOTHING.step, expanded: false, wanted: null });
  };

  end = (end: EndReason): void => {
    const { step } = this.#state;
    if (step.at === "none") return;
    if (QUIET.includes(end.kind)) this.close();
    else this.#outside(step.place, end);
  };

  /** From an end page, as far as one was before. */
  retry = async (): Promise<void> => {
    const { step } = this.#state;
    if (step.at === "end") await this.#enter(step.place, this.#state.expanded, true);
  };

  /** After a reload of the page: back to the seat. */
  goOn(): void {
    const call = recallCall();
    const switches = call && recallPresence(call.slug);
    if (!call || !switches) return;
    void this.#enter(call.place, call.expanded, false, switches);
  }

  /** Who reloads the page within a minute comes back. */
  remember(): void {
    const { step, expanded } = this.#state;
    const slug = slugOf(step);
    if (step.at === "call" && slug) rememberCall({ place: step.place, slug, expanded });
  }

  async #enter(
    place: Place,
    expanded: boolean,
    // A try from an end page leaves the page there until it is known how it went.
    quietly = false,
    switches: { microphoneOn: boolean; cameraOn: boolean } | null = null,
  ): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const missing = missingSupport();
    if (missing) {
      this.#put({ step: { at: "end", place, end: missing, slug: null }, expanded: true });
      return;
    }
    if (!quietly) this.#put({ step: { at: "entering", place }, expanded, wanted: null });
    try {
      const entry = await enterPlace(place, this.#options.displayName, switches);
      if (turn === this.#turn) this.#inside(place, entry);
      // Gone meanwhile: the seat is free again at once.
      else leaveSession(entry.answer.session.slug).catch(() => undefined);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#outside(place, endOfRefusal(error) ?? endOfFailure(error));
    }
  }

  /** Who looks at the call reads why; who looks at something else is told in passing. */
  #outside(place: Place, end: EndReason): void {
    const { step, expanded } = this.#state;
    if (expanded) {
      this.#turn += 1;
      forgetCall();
      this.#put({ step: { at: "end", place, end, slug: slugOf(step) }, wanted: null });
    } else {
      this.close();
      this.#options.onEndInBar(end, place);
    }
  }

  #inside(place: Place, entry: Omit<DockStep & { at: "call" }, "at" | "place" | "since">): void {
    this.#put({ step: { at: "call", place, since: Date.now(), ...entry } });
    this.remember();
  }

  #put(change: Partial<DockState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function slugOf(step: DockStep): string | null {
  if (step.at === "call") return step.answer.session.slug;
  if (step.at === "end") return step.slug;
  return step.at === "entering" && step.place.kind === "session" ? step.place.slug : null;
}
