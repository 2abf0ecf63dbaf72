import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ProblemError } from "../api/problem";
import { sampleParticipant, sampleSession } from "../api/samples";
import type { FeedOptions } from "../api/sessionFeed";
import * as sessions from "../api/sessions";
import type { CallOptions, LostReason } from "../livekit/types";
import { CallController } from "./callController";
import type { ControllerOptions } from "./callController";
import { FakeCall } from "./fakeCall";

vi.mock("../api/sessions");
const feed = { start: vi.fn(), stop: vi.fn(), setMicrophone: vi.fn(), wake: vi.fn() };
let feedOptions: FeedOptions;
vi.mock("../api/sessionFeed", () => ({
  SessionFeed: class {
    start = feed.start;
    stop = feed.stop;
    setMicrophone = feed.setMicrophone;
    wake = feed.wake;
    store = { getState: () => ({ session }) };
    constructor(options: FeedOptions) {
      feedOptions = options;
    }
  },
}));

const me = sampleParticipant({ id: "me", display_name: "Lena" });
const session = sampleSession({ me });
const onEnd = vi.fn();
let call: FakeCall;
let getGrant: CallOptions["getGrant"];
let controller: CallController;
let firstToken: ControllerOptions["firstToken"] = null;

const refusal = (code: string, status: number) => new ProblemError({ code, status, title: "" });
const token = (identity: string) => ({ token: "t", url: "ws://x", identity, expires_at: "" });
const hear = (event: string, payload: unknown) => feedOptions.onEvent({ event, payload });
const ask = (lost: LostReason | null = null) => getGrant(lost);

function makeController(): CallController {
  return new CallController({
    session,
    participant: me,
    firstToken,
    onEnd,
    createCall: (grant) => {
      getGrant = grant;
      return call;
    },
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.mocked(sessions.mintToken).mockReset().mockResolvedValue(token("me.1"));
  vi.mocked(sessions.getSession).mockReset().mockResolvedValue(session);
  vi.mocked(sessions.leaveSession).mockReset().mockResolvedValue(undefined);
  onEnd.mockReset();
  for (const mock of Object.values(feed)) mock.mockReset();
  call = new FakeCall();
  controller = makeController();
  controller.start();
});

afterEach(() => {
  controller.stop();
  vi.useRealTimers();
});

describe("the way in", () => {
  it("is a token for each entry", async () => {
    expect(await ask()).toMatchObject({ identity: "me.1" });
    expect(sessions.mintToken).toHaveBeenCalledWith(session.slug, { afterLoss: false });
    expect(onEnd).not.toHaveBeenCalled();
  });

  it("is the token that was asked for with the seat, once", async () => {
    firstToken = Promise.resolve(token("me.0"));
    controller.stop();
    controller = makeController();
    controller.start();
    firstToken = null;
    expect(await ask()).toMatchObject({ identity: "me.0" });
    expect(sessions.mintToken).not.toHaveBeenCalled();
    expect(await ask()).toMatchObject({ identity: "me.1" });
  });

  it("takes a seat again for who was counted as gone", async () => {
    vi.mocked(sessions.mintToken).mockRejectedValueOnce(refusal("not_admitted", 403));
    expect(await ask()).toMatchObject({ identity: "me.1" });
    expect(sessions.joinSession).toHaveBeenCalledWith(session.slug, "Lena");
  });

  it.each([
    ["session_ended", 410, { kind: "ended", reason: "" }],
    ["session_expired", 410, { kind: "expired" }],
    ["session_not_found", 404, { kind: "not_found" }],
    ["session_full", 409, { kind: "full" }],
    ["session_locked", 409, { kind: "locked" }],
    ["participant_removed", 403, { kind: "removed" }],
    ["participant_banned", 403, { kind: "banned" }],
    ["credential_required", 401, { kind: "left" }],
  ])("leads to the end page when it is closed: %s", async (code, status, end) => {
    vi.mocked(sessions.mintToken).mockRejectedValue(refusal(code, status));
    expect(await ask()).toBeNull();
    expect(onEnd).toHaveBeenCalledWith(end);
    expect(call.stop).toHaveBeenCalled();
    expect(feed.stop).toHaveBeenCalled();
  });

  it.each([
    ["media_unavailable", 503],
    ["rate_limited", 429],
    ["offline", 0],
  ])("is asked for again when it is closed for a while: %s", async (code, status) => {
    vi.mocked(sessions.mintToken).mockRejectedValue(refusal(code, status));
    await expect(ask()).rejects.toMatchObject({ code });
    expect(onEnd).not.toHaveBeenCalled();
  });
});

describe("a lost connection", () => {
  it("comes back with a fresh token", async () => {
    await ask("lost");
    expect(sessions.getSession).not.toHaveBeenCalled();
    expect(sessions.mintToken).toHaveBeenCalledExactlyOnceWith(session.slug, { afterLoss: true });
  });

  it("asks Django why the room was deleted, and comes back while the session lasts", async () => {
    expect(await ask("room_deleted")).toMatchObject({ identity: "me.1" });
    const ended = sampleSession({
      me,
      status: "ended",
      ended_reason: "host_ended",
      ended_at: "2026-01-01T12:24:00Z",
    });
    vi.mocked(sessions.getSession).mockResolvedValue(ended);
    expect(await ask("room_deleted")).toBeNull();
    expect(onEnd).toHaveBeenCalledWith({ kind: "ended", reason: "host_ended", seconds: 1440 });
  });

  it("asks Django why one was removed", async () => {
    const removed = sampleSession({ me: { ...me, state: "removed" } });
    vi.mocked(sessions.getSession).mockResolvedValue(removed);
    expect(await ask("removed")).toBeNull();
    expect(onEnd).toHaveBeenCalledWith({ kind: "removed" });
  });

  it("asks for a seat again when one came back too late", async () => {
    const late = sampleSession({ me: { ...me, state: "left" } });
    vi.mocked(sessions.getSession).mockResolvedValue(late);
    vi.mocked(sessions.mintToken).mockRejectedValue(refusal("session_full", 409));
    expect(await ask("removed")).toBeNull();
    expect(onEnd).toHaveBeenCalledWith({ kind: "full" });
  });

  it("leaves the place to another tab when one was removed and is still welcome", async () => {
    expect(await ask("removed")).toBeNull();
    expect(onEnd).toHaveBeenCalledWith({ kind: "other_tab" });
    expect(sessions.mintToken).not.toHaveBeenCalled();
  });

  it("is asked about again while Django does not answer", async () => {
    vi.mocked(sessions.getSession).mockRejectedValue(refusal("offline", 0));
    await expect(ask("removed")).rejects.toMatchObject({ code: "offline" });
    expect(onEnd).not.toHaveBeenCalled();
  });
});

describe("news", () => {
  it("of the end closes everything", () => {
    hear("session.ended", { reason: "expired" });
    expect(onEnd).toHaveBeenCalledExactlyOnceWith({ kind: "expired" });
    hear("session.ended", { reason: "host_ended" });
    expect(onEnd).toHaveBeenCalledOnce();
  });

  it("of another tab gives the place away", async () => {
    await ask();
    hear("connection.superseded", { identity: "me.1" });
    expect(onEnd).not.toHaveBeenCalled();
    hear("connection.superseded", { identity: "me.2" });
    expect(onEnd).toHaveBeenCalledWith({ kind: "other_tab" });
    expect(sessions.leaveSession).not.toHaveBeenCalled();
  });

  it("of one's own removal ends it, of others' does not", () => {
    hear("participant.changed", { ...me, id: "other", state: "removed" });
    expect(onEnd).not.toHaveBeenCalled();
    hear("participant.changed", { ...me, state: "banned" });
    expect(onEnd).toHaveBeenCalledWith({ kind: "banned" });
  });

  it("that is refused is asked about, and listened for again while one is inside", async () => {
    feedOptions.onRefused();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(feed.start).toHaveBeenCalledTimes(2);
    vi.mocked(sessions.getSession).mockRejectedValue(refusal("session_ended", 410));
    feedOptions.onRefused();
    await vi.advanceTimersByTimeAsync(0);
    expect(onEnd).toHaveBeenCalledWith({ kind: "ended", reason: "" });
  });
});

it("that is refused twice leaves nothing behind", async () => {
  feedOptions.onRefused();
  feedOptions.onRefused();
  await vi.advanceTimersByTimeAsync(0);
  controller.stop();
  expect(vi.getTimerCount()).toBe(0);
});

describe("leaving", () => {
  it("tells the server and shows the page at once", () => {
    controller.leave();
    expect(onEnd).toHaveBeenCalledWith({ kind: "left" });
    expect(sessions.leaveSession).toHaveBeenCalledWith(session.slug);
  });

  it("for all ends the session first", async () => {
    vi.mocked(sessions.endSession).mockResolvedValue(
      sampleSession({
        status: "ended",
        ended_reason: "host_ended",
        ended_at: "2026-01-01T12:24:00Z",
      }),
    );
    await controller.endForAll();
    expect(onEnd).toHaveBeenCalledWith({ kind: "ended", reason: "host_ended", seconds: 1440 });
  });

  it("for all stays in the call when the server refuses", async () => {
    vi.mocked(sessions.endSession).mockRejectedValue(refusal("offline", 0));
    await expect(controller.endForAll()).rejects.toMatchObject({ code: "offline" });
    expect(onEnd).not.toHaveBeenCalled();
  });

  it("is not what a closed page does: a reload comes back to the seat", () => {
    controller.stop();
    controller.stop();
    expect(sessions.leaveSession).not.toHaveBeenCalled();
    expect(onEnd).not.toHaveBeenCalled();
  });
});

it("fetches the session's news at once when the media are back", () => {
  call.change({ phase: "reconnecting" });
  expect(feed.wake).not.toHaveBeenCalled();
  call.change({ phase: "connected" });
  call.change({ weak: true });
  expect(feed.wake).toHaveBeenCalledOnce();
});

it("carries one's own microphone in the heartbeat", () => {
  call.change({ microphone: { on: false, trouble: null } });
  expect(feed.setMicrophone).toHaveBeenLastCalledWith(false);
});
