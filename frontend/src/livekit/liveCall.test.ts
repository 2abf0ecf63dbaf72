import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ConnectionState } from "livekit-client";
import type { ConnectionOptions } from "./connection";
import { LiveCall } from "./liveCall";
import type { CallGrant, MediaSettings } from "./types";
import { VolumeStore } from "./volumes";

/** Stands where a Connection to LiveKit would: the test lets it in, loses it, cuts it. */
class FakeConnection {
  static all: FakeConnection[] = [];
  static get last(): FakeConnection {
    const connection = FakeConnection.all.at(-1);
    if (!connection) throw new Error("Nobody connected.");
    return connection;
  }
  readonly options: ConnectionOptions;
  readonly subscriptions = { setInSight: vi.fn(), setQuality: vi.fn() };
  readonly room = fakeRoom();
  isInterrupted = false;
  close = vi.fn();
  enter = vi.fn<(grant: CallGrant) => Promise<void>>(() => FakeConnection.entering());
  static entering = (): Promise<void> => Promise.resolve();

  constructor(options: ConnectionOptions) {
    this.options = options;
    FakeConnection.all.push(this);
  }

  interrupt(interrupted: boolean): void {
    this.isInterrupted = interrupted;
    this.options.onChange();
  }
}
vi.mock("./connection", () => ({
  get Connection() {
    return FakeConnection;
  },
}));

const reached = vi.hoisted(() => vi.fn<() => Promise<void>>());
vi.mock("../api/reach", () => ({ untilReached: reached }));

function fakePerson(identity: string, joinedAt = 1) {
  const none = () => undefined;
  const joined = new Date(joinedAt);
  return { identity, name: identity, joinedAt: joined, getTrackPublication: none, isLocal: false };
}

function fakeRoom() {
  return {
    state: ConnectionState.Connected,
    canPlaybackAudio: true,
    localParticipant: fakePerson("me.1"),
    remoteParticipants: new Map([["marta.1", fakePerson("marta.1")]]),
    startAudio: vi.fn(() => Promise.resolve()),
  };
}

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
const getGrant = vi.fn<(lost: unknown) => Promise<CallGrant | null>>();
let call: LiveCall;

const settle = () => vi.advanceTimersByTimeAsync(0);
const ids = () => call.getSnapshot().people.map((person) => person.id);
const phase = () => call.getSnapshot().phase;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0);
  FakeConnection.all = [];
  reached.mockReset().mockResolvedValue(undefined);
  FakeConnection.entering = () => Promise.resolve();
  getGrant.mockReset().mockResolvedValue({ token: "t", url: "ws://x", identity: "me.1" });
  call = new LiveCall(
    { getGrant, microphoneOn: true, cameraOn: false, settings },
    new VolumeStore(null),
  );
});

afterEach(() => {
  call.stop();
  vi.useRealTimers();
});

describe("deafening", () => {
  const ears = () => {
    const { deafened, microphone } = call.getSnapshot();
    return { deafened, microphone: microphone.on };
  };

  it("closes the ears and the microphone, and gives both back", async () => {
    call.setDeafened(true);
    await settle();
    expect(ears()).toEqual({ deafened: true, microphone: false });
    call.setDeafened(false);
    await settle();
    expect(ears()).toEqual({ deafened: false, microphone: true });
  });

  it("leaves a microphone off that was off before", async () => {
    call.setMicrophone(false);
    call.setDeafened(true);
    call.setDeafened(true);
    call.setDeafened(false);
    await settle();
    expect(ears()).toEqual({ deafened: false, microphone: false });
  });

  it("ends when one turns the microphone on", async () => {
    call.setDeafened(true);
    call.setMicrophone(true);
    await settle();
    expect(ears()).toEqual({ deafened: false, microphone: true });
    call.setMicrophone(false);
    call.setDeafened(false);
    await settle();
    expect(ears().microphone).toBe(false);
  });
});

describe("entering", () => {
  it("asks for a grant, connects, and says who is there, oneself last", async () => {
    call.start();
    expect(phase()).toBe("connecting");
    await settle();
    expect(phase()).toBe("connected");
    expect(ids()).toEqual(["marta", "me"]);
    expect(call.getSnapshot().identity).toBe("me.1");
  });

  it("keeps what was wanted at the gate", () => {
    expect(call.getSnapshot().microphone.on).toBe(true);
    expect(call.getSnapshot().camera.on).toBe(false);
  });

  it("is over when there is no grant any more", async () => {
    getGrant.mockResolvedValue(null);
    call.start();
    await settle();
    expect(phase()).toBe("closed");
    expect(FakeConnection.all).toEqual([]);
  });

  it("tries again by itself, later each time, while the media do not answer", async () => {
    FakeConnection.entering = () => Promise.reject(new Error("unreachable"));
    call.start();
    await settle();
    expect(phase()).toBe("unavailable");
    expect(call.getSnapshot().retryAt).toBe(Date.now() + 1_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(FakeConnection.all).toHaveLength(2);
    FakeConnection.entering = () => Promise.resolve();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(phase()).toBe("connected");
    expect(FakeConnection.all[0]?.close).toHaveBeenCalled();
  });

  it("waits as long as the server asks for", async () => {
    getGrant.mockRejectedValueOnce(Object.assign(new Error(), { retryAfter: 9 }));
    call.start();
    await settle();
    expect(call.getSnapshot().retryAt).toBe(Date.now() + 9_000);
  });

  it("does not blame the media while our own server is out of reach", async () => {
    getGrant.mockRejectedValueOnce(Object.assign(new Error(), { code: "offline" }));
    call.start();
    await settle();
    expect(phase()).toBe("connecting");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(phase()).toBe("connected");
  });

  it("tries at once when told to, or when the network is back", async () => {
    FakeConnection.entering = () => Promise.reject(new Error("unreachable"));
    call.start();
    await settle();
    call.retryNow();
    await settle();
    dispatchEvent(new Event("online"));
    await settle();
    expect(FakeConnection.all).toHaveLength(3);
  });
});

describe("a loss", () => {
  beforeEach(async () => {
    call.start();
    await settle();
  });

  it("is told before LiveKit tells it, and the others stay where they were", async () => {
    const connection = FakeConnection.last;
    connection.room.remoteParticipants.clear();
    connection.interrupt(true);
    await settle();
    expect(phase()).toBe("reconnecting");
    expect(ids()).toEqual(["marta", "me"]);
    connection.interrupt(false);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(ids()).toEqual(["marta", "me"]);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(ids()).toEqual(["me"]);
  });

  it("for good is answered with a fresh grant and a new connection", async () => {
    FakeConnection.last.options.onLost("room_deleted");
    await settle();
    expect(getGrant).toHaveBeenLastCalledWith("room_deleted");
    expect(FakeConnection.all).toHaveLength(2);
    expect(phase()).toBe("connected");
    FakeConnection.last.options.onLost("lost");
    await settle();
    expect(getGrant).toHaveBeenLastCalledWith("lost");
  });
});

describe("a lost network", () => {
  it("is waited for before a token is asked for", async () => {
    let back: () => void = () => undefined;
    reached.mockReturnValue(new Promise((resolve) => (back = resolve)));
    call.start();
    await settle();
    getGrant.mockClear();
    FakeConnection.last.options.onLost("lost");
    await vi.advanceTimersByTimeAsync(180_000);
    expect(getGrant).not.toHaveBeenCalled();
    expect(phase()).toBe("reconnecting");
    back();
    await settle();
    expect(getGrant).toHaveBeenCalledExactlyOnceWith("lost");
    expect(phase()).toBe("connected");
  });

  it("has the room looked after where LiveKit did not let us in", async () => {
    FakeConnection.entering = () => Promise.reject(new Error("no such room"));
    call.start();
    await settle();
    expect(getGrant).toHaveBeenLastCalledWith(null);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(getGrant).toHaveBeenLastCalledWith("lost");
  });
});

describe("while it lasts", () => {
  beforeEach(async () => {
    call.start();
    await settle();
  });

  it("tells its listeners once for what happens together", async () => {
    const listener = vi.fn();
    call.subscribe(listener);
    FakeConnection.last.options.onChange();
    FakeConnection.last.options.onChange();
    await settle();
    expect(listener).toHaveBeenCalledOnce();
  });

  it("tells of a crowd ten times a second, and of oneself at once", async () => {
    const { room, options } = FakeConnection.last;
    for (let number = 0; number < 60; number += 1) {
      room.remoteParticipants.set(`p${number}.1`, fakePerson(`p${number}.1`, number));
    }
    options.onChange();
    await vi.advanceTimersByTimeAsync(200);
    const listener = vi.fn();
    call.subscribe(listener);
    for (let time = 0; time < 1_000; time += 10) {
      options.onChange();
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(listener.mock.calls.length).toBeGreaterThanOrEqual(9);
    expect(listener.mock.calls.length).toBeLessThanOrEqual(11);
    listener.mockClear();
    options.onChange();
    call.setMicrophone(false);
    await settle();
    expect(call.getSnapshot().microphone.on).toBe(false);
    expect(listener).toHaveBeenCalledOnce();
  });

  it("keeps the objects of people who did not change", async () => {
    const [marta] = call.getSnapshot().people;
    FakeConnection.last.options.onChange();
    await settle();
    expect(call.getSnapshot().people[0]).toBe(marta);
  });

  it("passes on what is in sight and how much is received", () => {
    const inSight = { cameras: new Set(["marta"]), screens: new Set<string>() };
    call.setInSight(inSight);
    call.applySettings({ ...settings, received: "audio_only" });
    const { subscriptions } = FakeConnection.last;
    expect(subscriptions.setInSight).toHaveBeenCalledWith(inSight);
    expect(subscriptions.setQuality).toHaveBeenCalledWith("audio_only");
  });

  it("says that the sound is held back until it is let out", async () => {
    const { room, options } = FakeConnection.last;
    room.canPlaybackAudio = false;
    options.onChange();
    await settle();
    expect(call.getSnapshot().soundHeld).toBe(true);
    room.startAudio.mockRejectedValueOnce(new DOMException("", "NotAllowedError"));
    call.hearEveryone();
    await settle();
    expect(call.getSnapshot().soundHeld).toBe(true);
    room.canPlaybackAudio = true;
    call.hearEveryone();
    await settle();
    expect(room.startAudio).toHaveBeenCalledTimes(2);
    expect(call.getSnapshot().soundHeld).toBe(false);
  });
});

describe("stopping", () => {
  it("leaves nothing behind, however often it is done", async () => {
    call.start();
    await settle();
    const connection = FakeConnection.last;
    call.stop();
    call.stop();
    expect(connection.close).toHaveBeenCalledOnce();
    expect(document.querySelectorAll("audio")).toHaveLength(0);
    await settle();
    expect(phase()).toBe("closed");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("in the middle of entering enters nothing", async () => {
    let answer: (grant: CallGrant) => void = () => undefined;
    getGrant.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    call.start();
    call.stop();
    answer({ token: "t", url: "ws://x", identity: "me.1" });
    await settle();
    expect(FakeConnection.all).toEqual([]);
  });

  it("can be followed by another start, which alone enters", async () => {
    let answer: (grant: CallGrant) => void = () => undefined;
    getGrant.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
    call.start();
    call.stop();
    call.start();
    await settle();
    answer({ token: "late", url: "ws://x", identity: "me.0" });
    await settle();
    expect(phase()).toBe("connected");
    expect(call.getSnapshot().identity).toBe("me.1");
    expect(FakeConnection.all).toHaveLength(1);
  });
});
