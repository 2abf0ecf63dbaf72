/** One's own microphone, camera and screen within one connection. */

import { Track, TrackEvent } from "livekit-client";
import type {
  LocalAudioTrack,
  LocalParticipant,
  LocalTrack,
  LocalVideoTrack,
} from "livekit-client";
import {
  cameraOptions,
  microphoneOptions,
  shareOptions,
  sharePublishOptions,
} from "./captureOptions";
import { loadBlur } from "./blur";
import { deviceTrouble } from "./deviceTrouble";
import { isDenied, whenAllowed } from "./permission";
import type { AskedDevice } from "./permission";
import { facesAway } from "./facing";
import type { DeviceTrouble, MediaSettings, OwnDevice } from "./types";

type Kind = "microphone" | "camera" | "share";
type Intent = { wanted: boolean; pending: boolean; trouble: DeviceTrouble | null };

const SOURCES = {
  microphone: Track.Source.Microphone,
  camera: Track.Source.Camera,
  share: Track.Source.ScreenShare,
} as const;

/**
 * Keeps what the person wants apart from what is: a new connection takes up the same wishes, and
 * of several presses the last one counts.
 */
export class OwnDevices {
  readonly #onChange: () => void;
  readonly #intents: Record<Kind, Intent>;
  #settings: MediaSettings;
  #local: LocalParticipant | null = null;
  blurFailed = false;
  readonly #ended = new Set<AskedDevice>();
  #facing: "user" | "environment" | null = null;

  constructor(
    wishes: { microphoneOn: boolean; cameraOn: boolean; settings: MediaSettings },
    onChange: () => void,
  ) {
    const intent = (wanted: boolean): Intent => ({ wanted, pending: false, trouble: null });
    this.#intents = {
      microphone: intent(wishes.microphoneOn),
      camera: intent(wishes.cameraOn),
      share: intent(false),
    };
    this.#settings = wishes.settings;
    this.#onChange = onChange;
  }

  /**
   * While a device opens or closes its key shows the wish, so that the next press turns it round.
   * A screen is on when it is: its choice may take long.
   */
  state(kind: Kind): OwnDevice {
    const { wanted, pending, trouble } = this.#intents[kind];
    const settled = this.#local !== null && (!pending || kind === "share");
    return { on: settled ? this.#isOn(kind) : wanted, trouble };
  }

  /** Takes up a connection, or none. A shared screen does not outlive its connection. */
  use(local: LocalParticipant | null): void {
    if (this.#local) this.#intents.share.wanted = false;
    this.#local = local;
    for (const kind of ["microphone", "camera", "share"] as const) {
      if (local && this.#intents[kind].wanted) void this.#follow(kind);
    }
  }

  want(kind: Kind, wanted: boolean): void {
    const intent = this.#intents[kind];
    intent.wanted = wanted;
    intent.trouble = null;
    this.#onChange();
    void this.#follow(kind);
  }

  /**
   * Watches a track for an end that nobody here asked for: the device was pulled out, or the
   * permission withdrawn. LiveKit then tries another device, and mutes the track if it finds none.
   */
  opened(track: LocalTrack): void {
    const kind = kindOf(track.source);
    if (kind === null || kind === "share") return;
    track.on(TrackEvent.Ended, () => this.#ended.add(kind));
    track.on(TrackEvent.Restarted, () => this.#ended.delete(kind));
  }

  /** Muted by LiveKit or by a host: what is not open must not look wanted. */
  muted(source: Track.Source): void {
    const kind = kindOf(source);
    if (kind === null || kind === "share") return;
    const intent = this.#intents[kind];
    if (!intent.wanted || intent.pending || this.#isOn(kind)) return;
    intent.wanted = false;
    if (this.#ended.delete(kind)) void this.#explainEnd(kind);
    this.#onChange();
  }

  /** The browser or the system ended it, as with the browser's own key to stop sharing. */
  ended(source: Track.Source): void {
    if (source === Track.Source.ScreenShare) this.#intents.share.wanted = false;
  }

  track(kind: Kind): MediaStreamTrack | null {
    return this.#isOn(kind) ? (this.#track(kind)?.mediaStreamTrack ?? null) : null;
  }

  /** Also while it is muted. */
  openMicrophone(): MediaStreamTrack | null {
    const track = this.#track("microphone")?.mediaStreamTrack;
    return track?.readyState === "live" ? track : null;
  }

  cameraFacesAway(): boolean {
    const camera = this.#track("camera") as LocalVideoTrack | undefined;
    return camera !== undefined && facesAway(camera.getSourceTrackSettings());
  }

  switchCamera(): void {
    this.#facing = this.#facing === "environment" ? "user" : "environment";
    void this.#renewCamera();
  }

  applySettings(settings: MediaSettings): void {
    const before = this.#settings;
    this.#settings = settings;
    if (!same(before.microphone, settings.microphone)) void this.#renewMicrophone();
    if (before.camera.blur !== settings.camera.blur) this.blurFailed = false;
    if (!same({ ...before.camera, blur: null }, { ...settings.camera, blur: null })) {
      this.#facing = null;
      void this.#renewCamera();
    } else if (before.camera.blur !== settings.camera.blur) {
      void this.#renewBlur();
    }
    if (before.share !== settings.share) this.#renewShare();
  }

  #isOn(kind: Kind): boolean {
    const publication = this.#local?.getTrackPublication(SOURCES[kind]);
    return publication?.track !== undefined && !publication.isMuted;
  }

  /** Brings a device to what is wanted, one step at a time. */
  async #follow(kind: Kind): Promise<void> {
    const intent = this.#intents[kind];
    const local = this.#local;
    if (!local || intent.pending) return;
    intent.pending = true;
    this.#onChange();
    try {
      while (this.#local === local && this.#isOn(kind) !== intent.wanted) {
        const on = intent.wanted;
        await this.#switch(local, kind, on);
        // LiveKit did nothing and gave no reason; asking again would change nothing.
        if (this.#isOn(kind) !== on) break;
      }
    } catch (error) {
      // What failed with a lost connection is still wanted in the next one.
      if (this.#local === local) this.#giveUp(kind, error);
    } finally {
      intent.pending = false;
      this.#onChange();
    }
    if (this.#local && this.#local !== local && intent.wanted) void this.#follow(kind);
  }

  /**
   * The first picture that others get is blurred already. What fails with blur is tried without it:
   * then it was the blur that failed, and otherwise the device.
   */
  async #openCamera(local: LocalParticipant): Promise<void> {
    const options = cameraOptions(this.#settings, this.#facing);
    const model = this.#settings.camera.blur;
    if (model === null || this.blurFailed) {
      await local.setCameraEnabled(true, options);
      return;
    }
    try {
      await local.setCameraEnabled(true, { ...options, processor: await loadBlur(model) });
    } catch {
      const left = this.#track("camera");
      if (left) await local.unpublishTrack(left, true);
      await local.setCameraEnabled(true, options);
      this.blurFailed = true;
    }
  }

  async #switch(local: LocalParticipant, kind: Kind, on: boolean): Promise<void> {
    if (kind === "microphone") {
      await local.setMicrophoneEnabled(on, microphoneOptions(this.#settings));
    } else if (kind === "camera") {
      await (on ? this.#openCamera(local) : local.setCameraEnabled(false));
    } else {
      const publish = sharePublishOptions(this.#settings);
      await local.setScreenShareEnabled(on, shareOptions(this.#settings), publish);
    }
  }

  async #explainEnd(kind: AskedDevice): Promise<void> {
    const local = this.#local;
    const track = this.#track(kind);
    // Opened anew it takes the wishes of then, not those of a device that is gone.
    if (track) await local?.unpublishTrack(track).catch(() => undefined);
    this.#tell(kind, (await isDenied(kind)) ? "blocked" : "missing");
    this.#onChange();
  }

  #tell(kind: Kind, trouble: DeviceTrouble | null): void {
    const intent = this.#intents[kind];
    if (intent.wanted) return;
    intent.trouble = trouble;
    if (kind === "share" || trouble !== "blocked") return;
    whenAllowed(kind, () => {
      if (intent.trouble !== "blocked") return;
      intent.trouble = null;
      this.#onChange();
    });
  }

  #giveUp(kind: Kind, error: unknown): void {
    const intent = this.#intents[kind];
    intent.wanted = false;
    const trouble = deviceTrouble(error);
    // Closing the browser's choice of screens is a choice, too.
    this.#tell(kind, kind === "share" && trouble === "blocked" ? null : trouble);
  }

  async #renewMicrophone(): Promise<void> {
    const track = this.#track("microphone") as LocalAudioTrack | undefined;
    if (!track) return;
    await this.#attempt("microphone", () => track.restartTrack(microphoneOptions(this.#settings)));
  }

  async #renewCamera(): Promise<void> {
    const track = this.#track("camera") as LocalVideoTrack | undefined;
    if (!track) return;
    await this.#attempt("camera", async () => {
      // A camera that is off stays off: it takes the new wishes when it is opened again.
      if (track.isMuted) await this.#local?.unpublishTrack(track, true);
      else await track.restartTrack(cameraOptions(this.#settings, this.#facing));
    });
  }

  async #renewBlur(): Promise<void> {
    const track = this.#track("camera") as LocalVideoTrack | undefined;
    if (!track) return;
    const model = this.#settings.camera.blur;
    try {
      if (track.isMuted) await this.#local?.unpublishTrack(track, true);
      else if (model === null) await track.stopProcessor();
      else await track.setProcessor(await loadBlur(model));
    } catch {
      this.blurFailed = model !== null;
    }
    this.#onChange();
  }

  #renewShare(): void {
    const track = this.#track("share");
    if (track) track.mediaStreamTrack.contentHint = this.#settings.share;
  }

  #track(kind: Kind) {
    return this.#local?.getTrackPublication(SOURCES[kind])?.track;
  }

  async #attempt(kind: Kind, renew: () => Promise<void>): Promise<void> {
    const local = this.#local;
    this.#intents[kind].trouble = null;
    try {
      await renew();
    } catch (error) {
      if (this.#local !== local) return;
      this.#giveUp(kind, error);
      // The old device is closed already, and what is not open must not look so.
      const track = this.#track(kind);
      if (track) await local?.unpublishTrack(track).catch(() => undefined);
    }
    this.#onChange();
  }
}

function kindOf(source: Track.Source): Kind | null {
  const known = Object.entries(SOURCES).find(([, candidate]) => candidate === source);
  return known ? (known[0] as Kind) : null;
}

function same(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
