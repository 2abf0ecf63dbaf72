import { Track, TrackEvent } from "livekit-client";
import type { LocalParticipant, LocalTrack } from "livekit-client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loadBlur } from "./blur";
import type { Blur } from "./blur";
import { OwnDevices } from "./ownDevices";
import type { MediaSettings } from "./types";

vi.mock("./blur", () => ({ loadBlur: vi.fn() }));
const BLUR = { name: "blur" } as unknown as Blur;

const settings: MediaSettings = {
  microphone: {
    deviceId: undefined,
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
  },
  camera: { deviceId: undefined, height: 720, blur: null },
  speaker: { deviceId: undefined, volume: 1 },
  received: "automatic",
  share: "text",
};

/** Opens devices as LiveKit's local participant does, or fails as the browser does. */
class FakeLocal {
  failing: Error | null = null;
  publications = new Map<Track.Source, { isMuted: boolean; track: FakeTrack }>();
  getTrackPublication = (source: Track.Source) => this.publications.get(source);
  setMicrophoneEnabled = vi.fn((on: boolean) => this.#enable(Track.Source.Microphone, on));
  setCameraEnabled = vi.fn<(on: boolean, options?: unknown) => Promise<void>>((on) =>
    this.#enable(Track.Source.Camera, on),
  );
  setScreenShareEnabled = vi.fn((on: boolean) => this.#enable(Track.Source.ScreenShare, on));
  unpublishTrack = vi.fn((track: unknown) => {
    for (const [source, publication] of this.publications) {
      if (publication.track === track) this.publications.delete(source);
    }
    return Promise.resolve();
  });

  #enable(source: Track.Source, on: boolean): Promise<void> {
    if (this.failing) return Promise.reject(this.failing);
    const known = this.publications.get(source);
    if (known) known.isMuted = known.track.isMuted = !on;
    else if (on) this.publications.set(source, { isMuted: false, track: new FakeTrack() });
    return Promise.resolve();
  }
}

class FakeTrack {
  isMuted = false;
  source = Track.Source.Unknown;
  mediaStreamTrack = { contentHint: "", readyState: "live" };
  #listeners = new Map<string, () => void>();
  on = (event: string, listener: () => void) => this.#listeners.set(event, listener);
  emit = (event: TrackEvent) => this.#listeners.get(event)?.();
  facingMode: string | undefined;
  getSourceTrackSettings = () => ({ facingMode: this.facingMode });
  setProcessor = vi.fn<(blur: unknown) => Promise<void>>(() => Promise.resolve());
  stopProcessor = vi.fn(() => Promise.resolve());
  restartTrack = vi.fn<(options?: unknown) => Promise<void>>(() => Promise.resolve());
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
const asLocal = (local: FakeLocal) => local as unknown as LocalParticipant;
const failure = (name: string) => Object.assign(new Error(name), { name });
let local: FakeLocal;
let devices: OwnDevices;

beforeEach(() => {
  local = new FakeLocal();
  devices = new OwnDevices({ microphoneOn: true, cameraOn: false, settings }, vi.fn());
});

describe("a new connection", () => {
  it("takes up what is wanted, and nothing else", async () => {
    devices.use(asLocal(local));
    await settle();
    expect(devices.state("microphone").on).toBe(true);
    expect(local.setCameraEnabled).not.toHaveBeenCalled();
  });

  it("takes up the same wishes after another one, but no screen", async () => {
    devices.use(asLocal(local));
    devices.want("camera", true);
    devices.want("share", true);
    await settle();
    devices.use(null);
    const second = new FakeLocal();
    devices.use(asLocal(second));
    await settle();
    expect(second.setCameraEnabled).toHaveBeenCalled();
    expect(second.setMicrophoneEnabled).toHaveBeenCalled();
    expect(second.setScreenShareEnabled).not.toHaveBeenCalled();
  });

  it("shares the screen that was asked for before it was there", async () => {
    devices.want("share", true);
    devices.use(asLocal(local));
    await settle();
    expect(devices.state("share").on).toBe(true);
  });

  it("names the system's device, so that the other wishes hold", async () => {
    devices.want("camera", true);
    devices.use(asLocal(local));
    await settle();
    expect(local.setCameraEnabled.mock.calls[0]?.[1]).toMatchObject({
      deviceId: { ideal: "default" },
    });
  });
});

describe("a switch", () => {
  beforeEach(() => devices.use(asLocal(local)));

  it("ends where the last press wanted it", async () => {
    devices.want("camera", true);
    devices.want("camera", false);
    devices.want("camera", true);
    await settle();
    expect(devices.state("camera")).toEqual({ on: true, trouble: null });
    devices.want("camera", false);
    devices.want("camera", true);
    await settle();
    expect(devices.state("camera")).toEqual({ on: true, trouble: null });
  });

  it("shows the wish from the press on", async () => {
    devices.want("camera", true);
    expect(devices.state("camera")).toMatchObject({ on: true });
    devices.want("camera", false);
    expect(devices.state("camera")).toMatchObject({ on: false });
    await settle();
    expect(devices.state("camera")).toMatchObject({ on: false });
  });

  it("that failed with a lost connection is made in the next one", async () => {
    local.failing = failure("Error");
    devices.want("camera", true);
    const next = new FakeLocal();
    devices.use(asLocal(next));
    await settle();
    expect(devices.state("camera")).toEqual({ on: true, trouble: null });
  });

  it.each([
    ["NotAllowedError", "blocked"],
    ["NotFoundError", "missing"],
    ["NotReadableError", "busy"],
    ["Error", "failed"],
  ])("that fails says why: %s", async (name, trouble) => {
    local.failing = failure(name);
    devices.want("camera", true);
    await settle();
    expect(devices.state("camera")).toEqual({ on: false, trouble });
    local.failing = null;
    devices.want("camera", true);
    await settle();
    expect(devices.state("camera")).toEqual({ on: true, trouble: null });
  });

  it("takes closing the browser's choice of screens for a choice", async () => {
    local.failing = failure("NotAllowedError");
    devices.want("share", true);
    await settle();
    expect(devices.state("share")).toEqual({ on: false, trouble: null });
  });
});

describe("a changed setting", () => {
  beforeEach(async () => {
    devices.use(asLocal(local));
    devices.want("camera", true);
    devices.want("share", true);
    await settle();
  });

  const track = (source: Track.Source) => local.publications.get(source)!.track;

  it("starts the microphone anew with all wishes", () => {
    const microphone = { ...settings.microphone, noiseSuppression: false, deviceId: "headset" };
    devices.applySettings({ ...settings, microphone });
    expect(track(Track.Source.Microphone).restartTrack).toHaveBeenCalledWith(
      expect.objectContaining({ deviceId: { exact: "headset" }, noiseSuppression: false }),
    );
    expect(track(Track.Source.Camera).restartTrack).not.toHaveBeenCalled();
  });

  it("of the camera leaves a camera off that is off", async () => {
    devices.want("camera", false);
    await settle();
    const camera = track(Track.Source.Camera);
    devices.applySettings({ ...settings, camera: { deviceId: "back", height: 360, blur: null } });
    expect(camera.restartTrack).not.toHaveBeenCalled();
    devices.want("camera", true);
    await settle();
    expect(local.setCameraEnabled.mock.lastCall?.[1]).toMatchObject({
      deviceId: { exact: "back" },
      resolution: { height: 360 },
    });
  });

  it("that names a device which does not open leaves it off, and says why", async () => {
    track(Track.Source.Microphone).restartTrack.mockRejectedValue(failure("NotReadableError"));
    const microphone = { ...settings.microphone, deviceId: "headset" };
    devices.applySettings({ ...settings, microphone });
    await settle();
    expect(devices.state("microphone")).toEqual({ on: false, trouble: "busy" });
  });

  it("of the share holds at once", () => {
    devices.applySettings({ ...settings, share: "motion" });
    expect(track(Track.Source.ScreenShare).mediaStreamTrack.contentHint).toBe("motion");
  });

  it("that is none starts nothing", () => {
    devices.applySettings({ ...settings, speaker: { deviceId: "x", volume: 0.5 } });
    expect(track(Track.Source.Microphone).restartTrack).not.toHaveBeenCalled();
  });

  it("turns to the other camera and back", () => {
    devices.switchCamera();
    devices.switchCamera();
    const facings = track(Track.Source.Camera).restartTrack.mock.calls.map(([asked]) => asked);
    expect(facings).toMatchObject([{ facingMode: "environment" }, { facingMode: "user" }]);
  });

  it("knows the back camera, whose picture must not be mirrored", () => {
    expect(devices.cameraFacesAway()).toBe(false);
    track(Track.Source.Camera).facingMode = "environment";
    expect(devices.cameraFacesAway()).toBe(true);
  });
});

describe("blur", () => {
  const blurred = { ...settings, camera: { ...settings.camera, blur: "/blur/1.tflite" } };
  const processor = () =>
    (local.setCameraEnabled.mock.lastCall?.[1] as { processor?: unknown }).processor;

  beforeEach(() => {
    vi.mocked(loadBlur).mockReset().mockResolvedValue(BLUR);
    devices.applySettings(blurred);
    devices.use(asLocal(local));
  });

  it("is there from the first picture on", async () => {
    devices.want("camera", true);
    await settle();
    expect(loadBlur).toHaveBeenCalledWith("/blur/1.tflite");
    expect(processor()).toBe(BLUR);
    expect(devices.blurFailed).toBe(false);
  });

  it("that does not start leaves the camera on without it, and says so", async () => {
    local.setCameraEnabled.mockRejectedValueOnce(failure("Error"));
    devices.want("camera", true);
    await settle();
    expect(devices.state("camera")).toEqual({ on: true, trouble: null });
    expect(processor()).toBeUndefined();
    expect(devices.blurFailed).toBe(true);
  });

  it("is not blamed for a camera that does not open", async () => {
    local.failing = failure("NotReadableError");
    devices.want("camera", true);
    await settle();
    expect(devices.state("camera")).toEqual({ on: false, trouble: "busy" });
    expect(devices.blurFailed).toBe(false);
  });

  it("comes and goes with its setting while the camera is on", async () => {
    devices.want("camera", true);
    await settle();
    const camera = local.publications.get(Track.Source.Camera)!.track;
    devices.applySettings(settings);
    await settle();
    expect(camera.stopProcessor).toHaveBeenCalledOnce();
    expect(camera.restartTrack).not.toHaveBeenCalled();
    devices.applySettings(blurred);
    await settle();
    expect(camera.setProcessor).toHaveBeenCalledWith(BLUR);
    camera.setProcessor.mockRejectedValue(failure("Error"));
    devices.applySettings(settings);
    devices.applySettings(blurred);
    await settle();
    expect(devices.blurFailed).toBe(true);
    expect(devices.state("camera").on).toBe(true);
  });
});

describe("a device that ends by itself", () => {
  let permission: EventTarget & { state: string };
  let track: FakeTrack;
  const microphone = () => devices.state("microphone");

  beforeEach(async () => {
    permission = Object.assign(new EventTarget(), { state: "granted" });
    vi.stubGlobal("navigator", { permissions: { query: () => Promise.resolve(permission) } });
    devices.use(asLocal(local));
    await settle();
    track = local.publications.get(Track.Source.Microphone)!.track;
    track.source = Track.Source.Microphone;
    devices.opened(track as unknown as LocalTrack);
  });
  afterEach(() => vi.unstubAllGlobals());

  /** What LiveKit does when no other device will open. */
  async function mute(): Promise<void> {
    local.publications.get(Track.Source.Microphone)!.isMuted = true;
    devices.muted(Track.Source.Microphone);
    await settle();
  }

  it("and has no other is off, says so, and opens anew with the next press", async () => {
    track.emit(TrackEvent.Ended);
    await mute();
    expect(microphone()).toEqual({ on: false, trouble: "missing" });
    expect(local.publications.has(Track.Source.Microphone)).toBe(false);
    devices.want("microphone", true);
    await settle();
    expect(microphone()).toEqual({ on: true, trouble: null });
  });

  it("because the permission was withdrawn is blocked until it is given again", async () => {
    permission.state = "denied";
    track.emit(TrackEvent.Ended);
    await mute();
    expect(microphone()).toEqual({ on: false, trouble: "blocked" });
    permission.state = "granted";
    permission.dispatchEvent(new Event("change"));
    expect(microphone()).toEqual({ on: false, trouble: null });
  });

  it("and goes on with another one is on", () => {
    track.emit(TrackEvent.Ended);
    track.emit(TrackEvent.Restarted);
    devices.muted(Track.Source.Microphone);
    expect(microphone()).toEqual({ on: true, trouble: null });
  });

  it("is not what a host's muting is: that has no trouble, and stays", async () => {
    await mute();
    expect(microphone()).toEqual({ on: false, trouble: null });
    devices.use(null);
    const next = new FakeLocal();
    devices.use(asLocal(next));
    await settle();
    expect(next.setMicrophoneEnabled).not.toHaveBeenCalled();
  });
});
