import { Track, VideoQuality } from "livekit-client";
import type { Room } from "livekit-client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Subscriptions } from "./subscriptions";

class FakePublication {
  isDesired = false;
  setVideoQuality = vi.fn();
  constructor(
    readonly trackSid: string,
    readonly source: Track.Source,
    readonly kind: Track.Kind,
  ) {}
  setSubscribed = vi.fn((wanted: boolean) => {
    this.isDesired = wanted;
  });
}

const voice = (id: string) =>
  new FakePublication(`${id} voice`, Track.Source.Microphone, Track.Kind.Audio);
const camera = (id: string) =>
  new FakePublication(`${id} camera`, Track.Source.Camera, Track.Kind.Video);
const screen = (id: string) =>
  new FakePublication(`${id} screen`, Track.Source.ScreenShare, Track.Kind.Video);

const marta = { voice: voice("marta"), camera: camera("marta"), screen: screen("marta") };
const jonas = { voice: voice("jonas"), camera: camera("jonas"), screen: screen("jonas") };
const all = [...Object.values(marta), ...Object.values(jonas)];
let subscriptions: Subscriptions;

const sight = (cameras: string[], screens: string[] = []) => ({
  cameras: new Set(cameras),
  screens: new Set(screens),
});
const received = () => all.filter((one) => one.isDesired).map((one) => one.trackSid);

beforeEach(() => {
  vi.useFakeTimers();
  for (const publication of all) publication.isDesired = false;
  const person = (id: string, sent: object) => ({
    identity: `${id}.random`,
    trackPublications: new Map(Object.entries(sent)),
  });
  const room = {
    remoteParticipants: new Map([
      ["a", person("marta", marta)],
      ["b", person("jonas", jonas)],
    ]),
  } as unknown as Room;
  subscriptions = new Subscriptions(room, "automatic", sight(["marta"]));
  subscriptions.sync();
});

afterEach(() => {
  subscriptions.stop();
  vi.useRealTimers();
});

it("receives every voice, and the pictures in sight", () => {
  expect(received()).toEqual(["marta voice", "marta camera", "jonas voice"]);
  subscriptions.setInSight(sight(["marta"], ["jonas"]));
  expect(received()).toContain("jonas screen");
  expect(received()).not.toContain("jonas camera");
});

it("asks once", () => {
  marta.voice.setSubscribed.mockClear();
  subscriptions.sync();
  expect(marta.voice.setSubscribed).not.toHaveBeenCalled();
});

it("lets a picture go a while after it left the sight, and keeps one that came back", () => {
  subscriptions.setInSight(sight([]));
  vi.advanceTimersByTime(2_000);
  subscriptions.setInSight(sight(["marta"]));
  vi.advanceTimersByTime(5_000);
  expect(received()).toContain("marta camera");
  subscriptions.setInSight(sight(["jonas"]));
  vi.advanceTimersByTime(3_000);
  expect(received()).toEqual(["marta voice", "jonas voice", "jonas camera"]);
});

it("receives sound only when asked to, at once", () => {
  subscriptions.setQuality("audio_only");
  vi.advanceTimersByTime(0);
  expect(received()).toEqual(["marta voice", "jonas voice"]);
  subscriptions.setQuality("automatic");
  expect(received()).toContain("marta camera");
});

it("receives small pictures at low data", () => {
  subscriptions.setQuality("low_data");
  expect(marta.camera.setVideoQuality).toHaveBeenLastCalledWith(VideoQuality.LOW);
  subscriptions.setQuality("automatic");
  expect(marta.camera.setVideoQuality).toHaveBeenLastCalledWith(VideoQuality.HIGH);
});

it("leaves no timer behind", () => {
  subscriptions.setInSight(sight([]));
  subscriptions.stop();
  expect(vi.getTimerCount()).toBe(0);
});
