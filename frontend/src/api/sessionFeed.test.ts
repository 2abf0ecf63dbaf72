// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FakeWebSocket } from "./fakeWebSocket";
import { ProblemError } from "./problem";
import { sampleParticipant, sampleSession } from "./samples";
import { SessionFeed } from "./sessionFeed";
import * as sessions from "./sessions";

vi.mock("./sessions");

const onEvent = vi.fn();
const onRefused = vi.fn();
let feed: SessionFeed;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeWebSocket);
  FakeWebSocket.all = [];
  onEvent.mockReset();
  onRefused.mockReset();
  vi.mocked(sessions.getTicket).mockReset().mockResolvedValue("ticket");
  vi.mocked(sessions.getSession)
    .mockReset()
    .mockResolvedValue(sampleSession({ title: "Loaded" }));
  vi.mocked(sessions.listParticipants).mockReset().mockResolvedValue([sampleParticipant()]);
  feed = new SessionFeed({ session: sampleSession(), onEvent, onRefused });
});

afterEach(() => {
  feed.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function open(): Promise<void> {
  feed.start();
  await vi.advanceTimersByTimeAsync(0);
  FakeWebSocket.last.welcome();
  await vi.advanceTimersByTimeAsync(0);
}

it("loads the session and its people each time the socket opens", async () => {
  await open();
  expect(feed.store.getState()).toMatchObject({ session: { title: "Loaded" }, loaded: true });
  FakeWebSocket.last.closeByServer(1006);
  await vi.advanceTimersByTimeAsync(20_000);
  FakeWebSocket.last.welcome();
  expect(sessions.getSession).toHaveBeenCalledTimes(2);
});

it("loads again when the server says so, without telling anybody", async () => {
  await open();
  FakeWebSocket.last.push("resync");
  expect(sessions.listParticipants).toHaveBeenCalledTimes(2);
  expect(onEvent).not.toHaveBeenCalled();
});

it("passes other events on", async () => {
  await open();
  FakeWebSocket.last.push("connection.superseded", { identity: "x" });
  expect(onEvent).toHaveBeenCalledWith({
    event: "connection.superseded",
    payload: { identity: "x" },
  });
});

it("tries a failed load again", async () => {
  vi.mocked(sessions.getSession).mockRejectedValueOnce(
    new ProblemError({ code: "offline", status: 0, title: "" }),
  );
  await open();
  expect(feed.store.getState().loaded).toBe(false);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(feed.store.getState().loaded).toBe(true);
});

it("gives up when the server refuses the load", async () => {
  vi.mocked(sessions.getSession).mockRejectedValue(
    new ProblemError({ code: "session_ended", status: 410, title: "" }),
  );
  await open();
  expect(onRefused).toHaveBeenCalledOnce();
  vi.mocked(sessions.getSession).mockResolvedValue(sampleSession({ title: "Back" }));
  await open();
  expect(feed.store.getState()).toMatchObject({ session: { title: "Back" }, loaded: true });
});
