/** One remote track made audible. */

import type { RemoteTrack } from "livekit-client";

/**
 * Plays through an audio element. Where an element's volume cannot be changed (iOS), a change goes
 * through Web Audio, but only from the first change on: iOS stops Web Audio in the background.
 */
export class SoundOutput {
  readonly #track: RemoteTrack;
  readonly #element: HTMLAudioElement;
  #muted = false;
  #context: AudioContext | null = null;
  #gain: GainNode | null = null;

  constructor(track: RemoteTrack, place: HTMLElement) {
    this.#track = track;
    this.#element = document.createElement("audio");
    this.#element.autoplay = true;
    // LiveKit turns every element's sound on again whenever one's own microphone opens.
    this.#element.addEventListener("volumechange", this.#keepMuted);
    place.append(this.#element);
    track.attach(this.#element);
  }

  setLevel(volume: number, muted: boolean): void {
    if (volume !== 1 && this.#gain === null && !elementVolumeWorks()) this.#startGain();
    const level = muted ? 0 : volume;
    if (this.#gain) this.#gain.gain.value = level;
    else this.#element.volume = level;
    this.#muted = muted || this.#gain !== null;
    this.#keepMuted();
  }

  setDevice(deviceId: string): void {
    // A device that is gone leaves the sound where it is.
    const keep = () => undefined;
    if ("setSinkId" in this.#element) this.#element.setSinkId(deviceId).catch(keep);
    const context: unknown = this.#context;
    (context as WithSink | null)?.setSinkId?.(deviceId).catch(keep);
  }

  close(): void {
    this.#element.removeEventListener("volumechange", this.#keepMuted);
    this.#track.detach(this.#element);
    this.#element.srcObject = null;
    this.#element.remove();
    this.#gain?.disconnect();
    void this.#context?.close();
    this.#context = null;
    this.#gain = null;
  }

  #keepMuted = (): void => {
    if (this.#element.muted !== this.#muted) this.#element.muted = this.#muted;
  };

  #startGain(): void {
    this.#context = new AudioContext();
    this.#gain = this.#context.createGain();
    const stream = new MediaStream([this.#track.mediaStreamTrack]);
    this.#context.createMediaStreamSource(stream).connect(this.#gain);
    this.#gain.connect(this.#context.destination);
    void this.#context.resume();
  }
}

/** Browsers have it, the types do not yet. */
type WithSink = { setSinkId?: (deviceId: string) => Promise<void> };

let works: boolean | undefined;

/** Whether the volume of a media element can be set; on iOS it is always 1. */
function elementVolumeWorks(): boolean {
  if (works === undefined) {
    const probe = document.createElement("audio");
    probe.volume = 0.5;
    works = probe.volume === 0.5;
  }
  return works;
}

/** For tests: forgets what was found out about this browser. */
export function forgetElementVolume(): void {
  works = undefined;
}
