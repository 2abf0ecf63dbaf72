/** Opens one's own microphone and camera to look at and listen to before anyone else does. */
import { deviceTrouble } from "../../livekit/deviceTrouble";
import type { DeviceTrouble } from "../../livekit/types";
import { mediaDevices } from "./listDevices";

export type PreviewKind = "microphone" | "camera";
export type PreviewTrack = {
  status: "off" | "opening" | "live" | "trouble";
  track: MediaStreamTrack | null;
  trouble: DeviceTrouble | null;
};
export type PreviewState = Record<PreviewKind, PreviewTrack>;
export type PreviewWish = Record<PreviewKind, MediaTrackConstraints | null>;

const OFF: PreviewTrack = { status: "off", track: null, trouble: null };
const OPENING: PreviewTrack = { status: "opening", track: null, trouble: null };
const KINDS: readonly PreviewKind[] = ["microphone", "camera"];

export class OwnPreview {
  #state: PreviewState = { microphone: OFF, camera: OFF };
  /** What is open or being opened, in text; null: nothing. */
  readonly #asked: Record<PreviewKind, string | null> = { microphone: null, camera: null };
  readonly #turn: Record<PreviewKind, number> = { microphone: 0, camera: 0 };
  readonly #listeners = new Set<() => void>();

  readonly state = (): PreviewState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Opens what is wished and closes the rest. Both at once are one question to the person. */
  async open(wish: PreviewWish): Promise<void> {
    const fresh = KINDS.filter((kind) => this.#isNew(kind, wish[kind]));
    for (const kind of fresh) this.#begin(kind, wish[kind]);
    const opening = fresh.filter((kind) => wish[kind] !== null);
    if (opening.length === 0) return;
    const turns = { ...this.#turn };
    if (opening.length === 2 && (await this.#ask(opening, wish, turns, true))) return;
    // Together they failed, or there is one only: each gives its own reason.
    for (const kind of opening) await this.#ask([kind], wish, turns, false);
  }

  /** Forgets what failed, so that the next `open` asks again. */
  retry(): void {
    for (const kind of KINDS) {
      if (this.#state[kind].status === "trouble") this.#asked[kind] = null;
    }
  }

  close(): void {
    for (const kind of KINDS) {
      if (this.#asked[kind] !== null) this.#begin(kind, null);
    }
  }

  #isNew(kind: PreviewKind, wish: MediaTrackConstraints | null): boolean {
    return this.#asked[kind] !== textOf(wish);
  }

  #begin(kind: PreviewKind, wish: MediaTrackConstraints | null): void {
    this.#turn[kind] += 1;
    this.#asked[kind] = textOf(wish);
    this.#state[kind].track?.stop();
    this.#put(kind, wish === null ? OFF : OPENING);
  }

  /** True if nothing is left to be asked; a first failure of both together says nothing yet. */
  async #ask(
    kinds: readonly PreviewKind[],
    wish: PreviewWish,
    turns: Record<PreviewKind, number>,
    quiet: boolean,
  ): Promise<boolean> {
    try {
      const stream = await openStream(
        kinds.includes("microphone") ? wish.microphone : null,
        kinds.includes("camera") ? wish.camera : null,
      );
      this.#take(stream, turns);
      return true;
    } catch (error) {
      if (quiet) return false;
      for (const kind of kinds) this.#fail(kind, turns[kind], deviceTrouble(error));
      return true;
    }
  }

  #take(stream: MediaStream, turns: Record<PreviewKind, number>): void {
    for (const track of stream.getTracks()) {
      const kind = track.kind === "audio" ? "microphone" : "camera";
      if (turns[kind] !== this.#turn[kind]) {
        track.stop();
        continue;
      }
      track.addEventListener("ended", () => this.#fail(kind, turns[kind], "missing"));
      this.#put(kind, { status: "live", track, trouble: null });
    }
  }

  #fail(kind: PreviewKind, turn: number, trouble: DeviceTrouble): void {
    if (turn !== this.#turn[kind]) return;
    this.#put(kind, { status: "trouble", track: null, trouble });
  }

  #put(kind: PreviewKind, next: PreviewTrack): void {
    this.#state = { ...this.#state, [kind]: next };
    for (const listener of this.#listeners) listener();
  }
}

function openStream(
  audio: MediaTrackConstraints | null,
  video: MediaTrackConstraints | null,
): Promise<MediaStream> {
  const media = mediaDevices();
  if (!media) return Promise.reject(new DOMException("No secure page.", "SecurityError"));
  return media.getUserMedia({ audio: audio ?? false, video: video ?? false });
}

function textOf(wish: MediaTrackConstraints | null): string | null {
  return wish === null ? null : JSON.stringify(wish);
}
