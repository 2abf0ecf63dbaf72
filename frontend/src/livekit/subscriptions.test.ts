import { Track, VideoQuality } from "livekit-client";
import type { Room } from "livekit-client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { MOST_HEARD, Subscriptions } from "./subscriptions";

class FakePublication {
  isDesired = false;
  isMuted = false;
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
    joinedAt: new Date(0),
    trackPublications: new Map(Object.entries(sent)),
    getTrackPublication: () => (sent as { voice: FakePublication }).voice,
  });
  const room = {
    localParticipant: { identity: "me.random" },
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

it("receives the pictures of a few before the page can say who is in sight", () => {
  for (const publication of all) publication.isDesired = false;
  const early = crowd([
    { identity: "ada.1", joinedAt: 1, voice: camera("ada") },
    { identity: "bo.1", joinedAt: 2, voice: camera("bo") },
  ]);
  const first = new Subscriptions(early, "automatic", sight([]));
  first.sync();
  const desired = () =>
    [...early.remoteParticipants.values()].map(
      ({ trackPublications }) => [...trackPublications.values()][0]?.isDesired,
    );
  expect(desired()).toEqual([true, true]);
  first.setInSight(sight(["bo"]));
  vi.advanceTimersByTime(3_000);
  expect(desired()).toEqual([false, true]);
  first.stop();

  const many = crowd(
    Array.from({ length: 9 }, (_, number) => ({
      identity: `p${number}.1`,
      joinedAt: number,
      voice: camera(`p${number}`),
    })),
  );
  new Subscriptions(many, "automatic", sight([])).sync();
  const [someone] = [...many.remoteParticipants.values()];
  expect([...someone!.trackPublications.values()][0]?.isDesired).toBe(false);
});

it("receives nothing of a connection that its person has replaced", () => {
  const [older, newer] = [voice("old"), voice("new")];
  const room = crowd([
    { identity: "lena.old", joinedAt: 1, voice: older },
    { identity: "lena.new", joinedAt: 2, voice: newer },
  ]);
  new Subscriptions(room, "automatic", sight(["lena"])).sync();
  expect([older.isDesired, newer.isDesired]).toEqual([false, true]);
});

it("receives of a crowd those who speak, then those who could", () => {
  const people = Array.from({ length: 200 }, (_, number) => ({
    identity: `p${number}.x`,
    joinedAt: number,
    voice: voice(`p${number}`),
    isSpeaking: false,
  }));
  people.forEach((person, number) => (person.voice.isMuted = number >= 20));
  const many = new Subscriptions(crowd(people), "automatic", sight([]));
  const heard = () => people.filter((person) => person.voice.isDesired).length;
  many.sync();
  expect(heard()).toBe(MOST_HEARD);
  expect(people.slice(0, 20).every((person) => person.voice.isDesired)).toBe(true);

  const late = people[180]!;
  expect(late.voice.isDesired).toBe(false);
  late.voice.isMuted = false;
  late.isSpeaking = true;
  many.sync();
  expect(late.voice.isDesired).toBe(true);
  const asked = people.reduce(
    (sum, person) => sum + person.voice.setSubscribed.mock.calls.length,
    0,
  );
  many.sync();
  vi.advanceTimersByTime(3_000);
  expect(heard()).toBe(MOST_HEARD);
  many.sync();
  const askedAfter = people.reduce(
    (sum, person) => sum + person.voice.setSubscribed.mock.calls.length,
    0,
  );
  expect(askedAfter).toBe(asked + 1); // the one that made room
  many.stop();
});

type FakeRemote = {
  identity: string;
  joinedAt: number;
  voice: FakePublication;
  isSpeaking?: boolean;
};

function crowd(people: FakeRemote[]): Room {
  const remotes = people.map((person) =>
    Object.assign(person, {
      joinedAt: new Date(person.joinedAt),
      trackPublications: new Map([["voice", person.voice]]),
      getTrackPublication: () => person.voice,
    }),
  );
  return {
    localParticipant: { identity: "me.random" },
    remoteParticipants: new Map(remotes.map((person) => [person.identity, person])),
  } as unknown as Room;
}
