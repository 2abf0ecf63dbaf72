/** Lets us hear the others: an audio element for each track, at the level chosen for its person. */

import type { RemoteTrack } from "livekit-client";
import { SoundOutput } from "./soundOutput";
import type { VolumeStore } from "./volumes";

export class CallSound {
  readonly #volumes: VolumeStore;
  readonly #outputs = new Map<RemoteTrack, { id: string; output: SoundOutput }>();
  readonly #place: HTMLElement;
  readonly #offVolumes: () => void;
  #master = 1;
  #deafened = false;
  #deviceId: string | undefined;

  constructor(volumes: VolumeStore) {
    this.#volumes = volumes;
    this.#place = document.createElement("div");
    this.#place.hidden = true;
    document.body.append(this.#place);
    this.#offVolumes = volumes.subscribe((id) => {
      this.#applyTo(id);
    });
  }

  /**
   * Plays a track of participant `id`. The level is set here every time, since LiveKit forgets a
   * remembered silence when a track is attached anew.
   */
  add(id: string, track: RemoteTrack): void {
    if (this.#outputs.has(track)) return;
    const output = new SoundOutput(track, this.#place);
    this.#outputs.set(track, { id, output });
    this.#apply(id, output);
    if (this.#deviceId !== undefined) output.setDevice(this.#deviceId);
  }

  remove(track: RemoteTrack): void {
    this.#outputs.get(track)?.output.close();
    this.#outputs.delete(track);
  }

  /** The speaker that plays everybody, and how loud. */
  setSpeaker(deviceId: string | undefined, volume: number): void {
    const chosen = deviceId ?? "";
    const moved = chosen !== (this.#deviceId ?? "");
    this.#deviceId = chosen;
    this.#master = volume;
    for (const { id, output } of this.#outputs.values()) {
      if (moved) output.setDevice(chosen);
      this.#apply(id, output);
    }
  }

  /** Nobody is heard; everybody's own level stays as it was chosen. */
  setDeafened(deafened: boolean): void {
    this.#deafened = deafened;
    for (const { id, output } of this.#outputs.values()) this.#apply(id, output);
  }

  close(): void {
    this.#offVolumes();
    for (const track of [...this.#outputs.keys()]) this.remove(track);
    this.#place.remove();
  }

  #applyTo(changed: string): void {
    for (const { id, output } of this.#outputs.values()) {
      if (id === changed) this.#apply(id, output);
    }
  }

  #apply(id: string, output: SoundOutput): void {
    const { volume, muted } = this.#volumes.get(id);
    output.setLevel(volume * this.#master, muted || this.#deafened);
  }
}
