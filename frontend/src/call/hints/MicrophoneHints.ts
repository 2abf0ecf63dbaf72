/** Listens along, and says when one speaks in vain, is not heard at all, or gives an echo. */

import { EchoDetector, SAMPLE_EVERY } from "./EchoDetector";
import { SilenceWatch } from "./SilenceWatch";
import { VoiceDetector } from "./VoiceDetector";

export type Hint = "muted" | "silent" | "echo";

/** How long each hint rests after it was given. */
export const PAUSES: Record<Hint, number> = { muted: 120_000, silent: 300_000, echo: 600_000 };
const LOOK_EVERY = 50;
const LONG_PAUSE = 1_500;
/** Louder than this the others are speaking. */
const OTHERS_SPEAK = 0.01;
/** So long after their last word their voices may still be at work in the sound from here. */
const LINGERS = 3_000;

/** An open microphone as this listens to it. */
export type Ear = {
  readonly source: MediaStreamTrack;
  readonly deviceMuted: boolean;
  decibels: () => number | null;
  close: () => void;
};

export type MicrophoneHintsOptions = {
  /** The open microphone, muted or not. */
  getMicrophone: () => MediaStreamTrack | null;
  isOn: () => boolean;
  /** How loud the others are now, 0 to 1. */
  getHeardLevel: () => number;
  listenTo: (track: MediaStreamTrack) => Ear;
  onHint: (hint: Hint) => void;
};

export class MicrophoneHints {
  readonly #options: MicrophoneHintsOptions;
  readonly #givenAt = new Map<Hint, number>();
  readonly #voice = new VoiceDetector();
  readonly #echo = new EchoDetector();
  #silence = new SilenceWatch();
  #ear: Ear | null = null;
  #wasOn: boolean | null = null;
  #sampledAt = 0;
  #othersAt = -Infinity;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(options: MicrophoneHintsOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#listenTo(null);
  }

  #look(): void {
    this.#follow();
    const decibels = this.#ear?.decibels() ?? null;
    if (!this.#ear || decibels === null) return;
    const now = Date.now();
    if (this.#options.isOn()) this.#whileOn(decibels, this.#ear.deviceMuted, now);
    else this.#whileMuted(decibels, now);
  }

  /** A new device or a new connection brings another track. */
  #follow(): void {
    const track = this.#options.getMicrophone();
    if (track !== (this.#ear?.source ?? null)) this.#listenTo(track);
    const on = this.#options.isOn();
    if (on === this.#wasOn) return;
    this.#wasOn = on;
    this.#voice.forget();
    this.#echo.forget();
  }

  #listenTo(track: MediaStreamTrack | null): void {
    this.#ear?.close();
    this.#ear = track && this.#options.listenTo(track);
    this.#silence = new SilenceWatch();
    this.#voice.forget();
    this.#echo.forget();
  }

  #whileMuted(decibels: number, now: number): void {
    this.#silence.rest();
    // What comes out of the loudspeaker is not oneself.
    if (this.#options.getHeardLevel() > OTHERS_SPEAK) this.#voice.forget();
    else if (this.#voice.take(decibels, now)) this.#give("muted", now);
  }

  #whileOn(decibels: number, deviceMuted: boolean, now: number): void {
    if (this.#options.getHeardLevel() > 0) this.#othersAt = now;
    const othersSpeak = now - this.#othersAt < LINGERS;
    if (this.#silence.take(decibels, deviceMuted, othersSpeak, now)) this.#give("silent", now);
    if (now - this.#sampledAt < SAMPLE_EVERY) return;
    // After a pause, as in a tab in the background, the samples do not belong together.
    if (now - this.#sampledAt > LONG_PAUSE) this.#echo.forget();
    this.#sampledAt = now;
    if (this.#echo.take(decibels, this.#options.getHeardLevel())) this.#give("echo", now);
  }

  #give(hint: Hint, now: number): void {
    const before = this.#givenAt.get(hint);
    if (before !== undefined && now - before < PAUSES[hint]) return;
    this.#givenAt.set(hint, now);
    this.#options.onHint(hint);
  }
}
