import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RemoteTrack } from "livekit-client";
import { CallSound } from "./callSound";
import { forgetElementVolume } from "./soundOutput";
import { VolumeStore } from "./volumes";

let volumes: VolumeStore;
let sound: CallSound;

/** Behaves like LiveKit's: attaching sets the element free of what was set on it before. */
function fakeTrack(): RemoteTrack {
  return {
    mediaStreamTrack: {},
    attach: vi.fn((element: HTMLMediaElement) => element),
    detach: vi.fn(),
  } as unknown as RemoteTrack;
}

const elements = () => [...document.querySelectorAll("audio")];

beforeEach(() => {
  forgetElementVolume();
  localStorage.clear();
  volumes = new VolumeStore(localStorage);
  sound = new CallSound(volumes);
});

afterEach(() => {
  sound.close();
  vi.unstubAllGlobals();
});

describe("where an element's volume can be set", () => {
  it("plays each track at its person's level times the speaker's", () => {
    volumes.setVolume("marta", 0.5);
    sound.setSpeaker(undefined, 0.5);
    sound.add("marta", fakeTrack());
    sound.add("jonas", fakeTrack());
    expect(elements().map((element) => element.volume)).toEqual([0.25, 0.5]);
  });

  it("follows a change while the person speaks", () => {
    sound.add("marta", fakeTrack());
    volumes.setVolume("marta", 0.3);
    volumes.setMuted("marta", true);
    expect(elements()[0]).toMatchObject({ volume: 0, muted: true });
    volumes.setMuted("marta", false);
    expect(elements()[0]).toMatchObject({ volume: 0.3, muted: false });
  });

  it("lets nobody be heard while deafened, and everybody as before after it", () => {
    volumes.setMuted("jonas", true);
    sound.add("marta", fakeTrack());
    sound.add("jonas", fakeTrack());
    sound.setDeafened(true);
    sound.add("noor", fakeTrack());
    expect(elements().map((element) => element.muted)).toEqual([true, true, true]);
    sound.setDeafened(false);
    expect(elements().map((element) => element.muted)).toEqual([false, true, false]);
  });

  it("keeps who was silenced silent when the track comes again", () => {
    const first = fakeTrack();
    sound.add("marta", first);
    volumes.setVolume("marta", 0);
    sound.remove(first);
    sound.add("marta", fakeTrack());
    expect(elements()).toHaveLength(1);
    expect(elements()[0]?.volume).toBe(0);
  });

  it("keeps who is muted for us muted when the track comes again", () => {
    volumes.setMuted("marta", true);
    sound.add("marta", fakeTrack());
    sound.add("marta", fakeTrack());
    expect(elements().map((element) => element.muted)).toEqual([true, true]);
  });

  it("keeps who is muted for us muted when LiveKit turns everybody's sound on", () => {
    sound.add("marta", fakeTrack());
    sound.add("jonas", fakeTrack());
    volumes.setMuted("marta", true);
    for (const element of elements()) {
      element.muted = false;
      element.dispatchEvent(new Event("volumechange"));
    }
    expect(elements().map((element) => element.muted)).toEqual([true, false]);
  });

  it("plays a track once, however often it is told to", () => {
    const track = fakeTrack();
    sound.add("marta", track);
    sound.add("marta", track);
    expect(elements()).toHaveLength(1);
  });

  it("leaves nothing behind", () => {
    sound.add("marta", fakeTrack());
    sound.close();
    sound.close();
    expect(elements()).toEqual([]);
    volumes.setVolume("marta", 0.5);
  });
});

describe("where it cannot (iOS)", () => {
  const gain = { gain: { value: 1 }, connect: vi.fn(), disconnect: vi.fn() };
  const made = vi.fn();

  beforeEach(() => {
    made.mockReset();
    vi.spyOn(HTMLMediaElement.prototype, "volume", "get").mockReturnValue(1);
    vi.spyOn(HTMLMediaElement.prototype, "volume", "set").mockImplementation(() => undefined);
    vi.stubGlobal("MediaStream", vi.fn());
    vi.stubGlobal(
      "AudioContext",
      class {
        destination = {};
        constructor() {
          made();
        }
        createGain = () => gain;
        createMediaStreamSource = () => ({ connect: vi.fn() });
        resume = () => Promise.resolve();
        close = () => Promise.resolve();
      },
    );
  });

  it("uses no Web Audio before a level is changed, for mute for me neither", () => {
    sound.add("marta", fakeTrack());
    volumes.setMuted("marta", true);
    expect(elements()[0]?.muted).toBe(true);
    expect(made).not.toHaveBeenCalled();
  });

  it("goes through a gain from the first change on", () => {
    sound.add("marta", fakeTrack());
    volumes.setVolume("marta", 0.4);
    expect(made).toHaveBeenCalledOnce();
    expect(gain.gain.value).toBe(0.4);
    expect(elements()[0]?.muted).toBe(true);
    volumes.setVolume("marta", 1);
    expect(gain.gain.value).toBe(1);
  });
});
