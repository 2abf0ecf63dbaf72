// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeWebSocket } from "./fakeWebSocket";
import { ProblemError } from "./problem";
import { TicketSocket } from "./socket";
import type { SocketOptions } from "./socket";

const getTicket = vi.fn<SocketOptions["getTicket"]>();
const takeSpokenTime = vi.fn(() => 0);
const onStatus = vi.fn<NonNullable<SocketOptions["onStatus"]>>();
const onOpen = vi.fn<SocketOptions["onOpen"]>();
const onEvent = vi.fn<SocketOptions["onEvent"]>();
const onRefused = vi.fn<SocketOptions["onRefused"]>();
let socket: TicketSocket;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeWebSocket);
  vi.spyOn(Math, "random").mockReturnValue(0);
  FakeWebSocket.all = [];
  for (const mock of [onStatus, onOpen, onEvent, onRefused]) mock.mockReset();
  let tickets = 0;
  getTicket.mockReset().mockImplementation(() => Promise.resolve(`ticket-${(tickets += 1)}`));
  const path = "/ws/sessions/abc/";
  socket = new TicketSocket({
    path,
    getTicket,
    takeSpokenTime,
    onStatus,
    onOpen,
    onEvent,
    onRefused,
  });
});

afterEach(() => {
  socket.stop();
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

async function opened(): Promise<FakeWebSocket> {
  socket.start();
  await vi.advanceTimersByTimeAsync(0);
  FakeWebSocket.last.welcome();
  return FakeWebSocket.last;
}

describe("opening", () => {
  it("says hello with a ticket for its path and beats at once", async () => {
    const wire = await opened();
    expect(getTicket).toHaveBeenCalledWith("/ws/sessions/abc/");
    expect(wire.url).toBe("ws://localhost:3000/ws/sessions/abc/");
    expect(wire.sent).toEqual([{ type: "hello", ticket: "ticket-1" }, { type: "heartbeat" }]);
    expect(onOpen).toHaveBeenCalledOnce();
    expect(onStatus.mock.calls.flat()).toEqual(["connecting", "open"]);
  });

  it("tells with a heartbeat for how long one spoke, and of silence nothing", async () => {
    const wire = await opened();
    takeSpokenTime.mockReturnValueOnce(4200);
    await vi.advanceTimersByTimeAsync(15_000);
    wire.push("heartbeat");
    expect(wire.sent.at(-1)).toEqual({ type: "heartbeat", spoken_ms: 4200 });
    await vi.advanceTimersByTimeAsync(15_000);
    expect(wire.sent.at(-1)).toEqual({ type: "heartbeat" });
  });

  it("opens once, however often it is started and stopped while a ticket is under way", async () => {
    socket.start();
    socket.stop();
    socket.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(FakeWebSocket.all).toHaveLength(1);
    expect(FakeWebSocket.last.url).toBe("ws://localhost:3000/ws/sessions/abc/");
  });

  it("comes at once when the network is known to be there", async () => {
    getTicket.mockRejectedValueOnce(new ProblemError({ code: "offline", status: 0, title: "" }));
    socket.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(FakeWebSocket.all).toHaveLength(0);
    socket.wake();
    await vi.advanceTimersByTimeAsync(0);
    expect(FakeWebSocket.all).toHaveLength(1);
    socket.wake();
    await vi.advanceTimersByTimeAsync(0);
    expect(FakeWebSocket.all).toHaveLength(1);
  });

  it("comes back when the hello is not answered", async () => {
    socket.start();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(FakeWebSocket.last.closedByPage).toBe(true);
    await vi.advanceTimersByTimeAsync(500);
    expect(FakeWebSocket.all).toHaveLength(2);
  });

  it("takes a refused ticket as final", async () => {
    getTicket.mockRejectedValue(
      new ProblemError({ code: "participant_removed", status: 403, title: "" }),
    );
    socket.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(onRefused).toHaveBeenCalledWith(4403);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(getTicket).toHaveBeenCalledOnce();
  });

  it("waits as long as the server asks for when there are too many tries", async () => {
    getTicket.mockRejectedValueOnce(
      new ProblemError({ code: "rate_limited", status: 429, title: "", retry_after: 30 }),
    );
    socket.start();
    await vi.advanceTimersByTimeAsync(29_000);
    expect(getTicket).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(getTicket).toHaveBeenCalledTimes(2);
  });
});

describe("the heartbeat", () => {
  it("is sent every interval and at once when the microphone changes", async () => {
    const wire = await opened();
    wire.sent = [];
    await vi.advanceTimersByTimeAsync(15_000);
    socket.setMicrophone(true);
    socket.setMicrophone(true);
    expect(wire.sent).toEqual([{ type: "heartbeat" }, { type: "heartbeat", microphone_on: true }]);
  });

  it("treats two silent intervals as a lost socket", async () => {
    const wire = await opened();
    await vi.advanceTimersByTimeAsync(20_000);
    wire.push("heartbeat");
    await vi.advanceTimersByTimeAsync(29_000);
    expect(wire.closedByPage).toBe(false);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(wire.closedByPage).toBe(true);
    expect(onStatus).toHaveBeenLastCalledWith("waiting");
    await vi.advanceTimersByTimeAsync(500);
    FakeWebSocket.last.welcome();
    expect(onOpen).toHaveBeenCalledTimes(2);
    expect(FakeWebSocket.last.sent[0]).toEqual({ type: "hello", ticket: "ticket-2" });
  });

  it("is no event for anybody", async () => {
    const wire = await opened();
    wire.push("heartbeat");
    wire.push("participant.joined", { id: "x" });
    expect(onEvent.mock.calls).toEqual([[{ event: "participant.joined", payload: { id: "x" } }]]);
  });
});

describe("closing", () => {
  it.each([4401, 4403])("%i is final", async (code) => {
    (await opened()).closeByServer(code);
    expect(onRefused).toHaveBeenCalledWith(code);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(FakeWebSocket.all).toHaveLength(1);
  });

  it.each([4408, 4412, 1006, 1011])("%i comes back after a delay", async (code) => {
    (await opened()).closeByServer(code);
    expect(FakeWebSocket.all).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(9_000);
    expect(FakeWebSocket.all).toHaveLength(2);
    expect(onRefused).not.toHaveBeenCalled();
  });

  it("stays away for the seconds that a busy server asks for", async () => {
    (await opened()).closeByServer(4412, '{"retry_after": 30}');
    await vi.advanceTimersByTimeAsync(29_900);
    expect(FakeWebSocket.all).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(FakeWebSocket.all).toHaveLength(2);
  });

  it("keeps a ticket whose socket never opened for the next tries, and not for ever", async () => {
    socket.start();
    await vi.advanceTimersByTimeAsync(0);
    FakeWebSocket.last.closeByServer(1006);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(FakeWebSocket.all).toHaveLength(2);
    expect(getTicket).toHaveBeenCalledOnce();
    FakeWebSocket.last.welcome();
    expect(FakeWebSocket.last.sent[0]).toEqual({ type: "hello", ticket: "ticket-1" });
    FakeWebSocket.last.closeByServer(1006);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(getTicket).toHaveBeenCalledTimes(2);
    vi.setSystemTime(Date.now() + 21_000);
    FakeWebSocket.last.closeByServer(1006);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(getTicket).toHaveBeenCalledTimes(3);
  });

  it("gets another ticket when a kept one is not known any more", async () => {
    socket.start();
    await vi.advanceTimersByTimeAsync(0);
    FakeWebSocket.last.closeByServer(1006);
    await vi.advanceTimersByTimeAsync(1_000);
    FakeWebSocket.last.onopen?.();
    FakeWebSocket.last.closeByServer(4401);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(onRefused).not.toHaveBeenCalled();
    FakeWebSocket.last.onopen?.();
    FakeWebSocket.last.closeByServer(4401);
    expect(onRefused).toHaveBeenCalledWith(4401);
    expect(getTicket).toHaveBeenCalledTimes(2);
  });

  it("waits longer after each failure, up to 20 s", async () => {
    vi.mocked(Math.random).mockReturnValue(1);
    socket.start();
    await vi.advanceTimersByTimeAsync(0);
    for (const delay of [1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000]) {
      const count = FakeWebSocket.all.length;
      FakeWebSocket.last.closeByServer(1006);
      await vi.advanceTimersByTimeAsync(delay - 1);
      expect(FakeWebSocket.all).toHaveLength(count);
      await vi.advanceTimersByTimeAsync(1);
      expect(FakeWebSocket.all).toHaveLength(count + 1);
    }
  });

  it("comes back at once when the network does", async () => {
    vi.mocked(Math.random).mockReturnValue(1);
    (await opened()).closeByServer(1006);
    dispatchEvent(new Event("online"));
    await vi.advanceTimersByTimeAsync(0);
    expect(FakeWebSocket.all).toHaveLength(2);
  });

  it("stays closed once it is stopped", async () => {
    const wire = await opened();
    socket.stop();
    socket.stop();
    expect(wire.closedByPage).toBe(true);
    dispatchEvent(new Event("online"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(FakeWebSocket.all).toHaveLength(1);
  });
});
