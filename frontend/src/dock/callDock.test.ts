import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ProblemError } from "../api/problem";
import { sampleParticipant, sampleSession } from "../api/samples";
import { enterChannel, joinSession, leaveSession, mintToken } from "../api/sessions";
import type { ChannelEntry } from "../api/types";
import { rememberPresence } from "../sessions/presence";
import { rememberSwitches } from "../sessions/gate/memory";
import { CallDock } from "./callDock";
import { recallCall } from "./memory";
import type { Place } from "./types";

vi.mock("../api/sessions", () => ({
  enterChannel: vi.fn(),
  joinSession: vi.fn(),
  leaveSession: vi.fn(),
  mintToken: vi.fn(),
}));

const galley: Place = { kind: "channel", id: "c1", name: "Galley", camera: false };
const bridge: Place = { kind: "channel", id: "c2", name: "Bridge", camera: true };
const autumn: Place = { kind: "session", slug: "aaaa-bbbb-cccc", name: "Autumn timetable" };
const onEndInBar = vi.fn();
let dock: CallDock;

function entry(slug: string): ChannelEntry {
  return {
    token: "t",
    url: "ws://x",
    identity: "me.1",
    expires_at: "2026-01-01T12:01:00Z",
    session: sampleSession({ slug }),
    participant: sampleParticipant(),
  };
}

const refusal = (code: string, status: number) => new ProblemError({ code, status, title: "" });
const step = () => dock.getState().step;
const settle = () => new Promise((resolve) => setTimeout(resolve));

async function entered(place: Place): Promise<void> {
  dock.enter(place);
  await settle();
}

beforeEach(() => {
  vi.stubGlobal("RTCPeerConnection", vi.fn());
  vi.stubGlobal("MediaStream", vi.fn());
  sessionStorage.clear();
  vi.mocked(enterChannel)
    .mockReset()
    .mockImplementation((id) => Promise.resolve(entry(`slug-${id}`)));
  vi.mocked(joinSession).mockResolvedValue({
    session: sampleSession({ slug: "aaaa-bbbb-cccc" }),
    participant: sampleParticipant(),
    credential: null,
  });
  vi.mocked(mintToken).mockResolvedValue(entry("x"));
  vi.mocked(leaveSession).mockReset().mockResolvedValue();
  onEndInBar.mockReset();
  dock = new CallDock({ displayName: "Lena", onEndInBar });
});
afterEach(() => vi.unstubAllGlobals());

describe("entering", () => {
  it("takes one press, large, with the token that came with the seat", async () => {
    dock.enter(galley);
    expect(dock.getState()).toMatchObject({ step: { at: "entering" }, expanded: true });
    await settle();
    expect(step()).toMatchObject({ at: "call", answer: { session: { slug: "slug-c1" } } });
    const inside = step();
    if (inside.at === "call")
      await expect(inside.firstToken).resolves.toMatchObject({ token: "t" });
  });

  it("uses the switches that are remembered, the camera in video channels alone", async () => {
    rememberSwitches({ microphoneOn: false, cameraOn: true });
    await entered(galley);
    expect(step()).toMatchObject({ choice: { microphoneOn: false, cameraOn: false } });
    dock.leave();
    await entered(bridge);
    expect(step()).toMatchObject({ choice: { microphoneOn: false, cameraOn: true } });
  });

  it("works for a session of the space, under one's own name", async () => {
    await entered(autumn);
    expect(joinSession).toHaveBeenCalledWith("aaaa-bbbb-cccc", "Lena");
    expect(step()).toMatchObject({ at: "call" });
  });

  it("pressed again only makes the call large", async () => {
    await entered(galley);
    dock.collapse();
    dock.enter(galley);
    expect(dock.getState()).toMatchObject({ expanded: true, wanted: null });
    expect(enterChannel).toHaveBeenCalledOnce();
  });

  it("gives the seat back if one went away before it came", async () => {
    dock.enter(galley);
    dock.leave();
    await settle();
    expect(step()).toEqual({ at: "none" });
    expect(leaveSession).toHaveBeenCalledWith("slug-c1");
  });

  it("says why it was refused", async () => {
    vi.mocked(enterChannel).mockRejectedValueOnce(refusal("session_full", 409));
    await entered(galley);
    expect(step()).toMatchObject({ at: "end", end: { kind: "full" } });
    await dock.retry();
    expect(step()).toMatchObject({ at: "call" });
  });

  it("keeps the end page where it is while a try from it fails again", async () => {
    vi.mocked(enterChannel).mockRejectedValue(refusal("session_full", 409));
    await entered(galley);
    const seen: string[] = [];
    dock.subscribe(() => seen.push(step().at));
    await dock.retry();
    expect(new Set(seen)).toEqual(new Set(["end"]));
  });
});

describe("moving", () => {
  it("asks first, and stays if one says so", async () => {
    await entered(galley);
    dock.enter(bridge);
    expect(dock.getState()).toMatchObject({ wanted: bridge, step: { place: galley } });
    dock.stay();
    expect(dock.getState()).toMatchObject({ wanted: null, step: { place: galley } });
    expect(leaveSession).not.toHaveBeenCalled();
  });

  it("leaves the one for the other", async () => {
    await entered(galley);
    dock.enter(bridge);
    dock.move();
    await settle();
    expect(leaveSession).toHaveBeenCalledExactlyOnceWith("slug-c1");
    expect(dock.getState()).toMatchObject({
      wanted: null,
      expanded: true,
      step: { at: "call", place: bridge },
    });
  });
});

describe("pages beside the call", () => {
  it("make it small, but for the call's own", async () => {
    await entered(galley);
    dock.turnTo("/spaces/1/members/");
    expect(dock.getState()).toMatchObject({ expanded: false, step: { at: "call" } });
    dock.turnTo("/channels/c1/");
    expect(dock.getState().expanded).toBe(true);
    dock.turnTo("/channels/c2/");
    expect(dock.getState().expanded).toBe(false);
  });

  it("put an end page away that one has read", async () => {
    vi.mocked(enterChannel).mockRejectedValueOnce(refusal("session_full", 409));
    await entered(galley);
    dock.turnTo("/spaces/1/");
    expect(step()).toEqual({ at: "none" });
  });

  it("do nothing without a call", () => {
    dock.turnTo("/channels/c1/");
    expect(dock.getState()).toMatchObject({ step: { at: "none" }, expanded: false });
  });
});

describe("the end", () => {
  it("is a page for who looks at the call", async () => {
    await entered(galley);
    dock.end({ kind: "removed" });
    expect(dock.getState()).toMatchObject({ step: { at: "end", end: { kind: "removed" } } });
    expect(onEndInBar).not.toHaveBeenCalled();
  });

  it("is told in passing to who looks at something else", async () => {
    await entered(galley);
    dock.collapse();
    dock.end({ kind: "other_tab" });
    expect(step()).toEqual({ at: "none" });
    expect(onEndInBar).toHaveBeenCalledExactlyOnceWith({ kind: "other_tab" }, galley);
  });

  it("by one's own wish needs no words", async () => {
    await entered(galley);
    dock.end({ kind: "left" });
    expect(step()).toEqual({ at: "none" });
    expect(onEndInBar).not.toHaveBeenCalled();
  });

  it("of the way in is told in passing, too, if one has gone on meanwhile", async () => {
    vi.mocked(enterChannel).mockRejectedValueOnce(refusal("media_unavailable", 503));
    dock.enter(galley);
    dock.turnTo("/spaces/1/");
    await settle();
    expect(onEndInBar).toHaveBeenCalledExactlyOnceWith({ kind: "media_unavailable" }, galley);
  });
});

describe("a reload of the page", () => {
  it("goes on with the call, as large and as loud as it was", async () => {
    await entered(galley);
    dock.collapse();
    dock.remember();
    rememberPresence("slug-c1", { microphoneOn: false, cameraOn: true });
    const next = new CallDock({ displayName: "Lena", onEndInBar });
    next.goOn();
    await settle();
    expect(next.getState()).toMatchObject({
      expanded: false,
      step: { at: "call", place: galley, choice: { microphoneOn: false, cameraOn: true } },
    });
  });

  it("does not bring back who has left", async () => {
    await entered(galley);
    rememberPresence("slug-c1", { microphoneOn: true, cameraOn: false });
    dock.leave();
    expect(recallCall()).toBeNull();
    const next = new CallDock({ displayName: "Lena", onEndInBar });
    next.goOn();
    expect(next.getState().step).toEqual({ at: "none" });
  });
});
