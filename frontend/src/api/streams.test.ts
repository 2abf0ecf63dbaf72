// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeWebSocket } from "./fakeWebSocket";
import { TicketSocket } from "./socket";
import { StreamRelay } from "./streams";
import type { StreamListener } from "./streams";

const onLogged = vi.fn<StreamListener["onLogged"]>();
const onReset = vi.fn<(stream: string, position: unknown) => void>();
const onEvent = vi.fn();
let socket: TicketSocket;

const heard = () => onLogged.mock.calls.map(([{ offset }]) => offset);
const at = (offset: number, recovered = false, epoch = "e1") => ({
  chat: { epoch, offset, recovered },
});

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeWebSocket);
  vi.spyOn(Math, "random").mockReturnValue(0);
  FakeWebSocket.all = [];
  for (const mock of [onLogged, onReset, onEvent]) mock.mockReset();
  socket = new TicketSocket({
    path: "/ws/sessions/abc/",
    getTicket: () => Promise.resolve("ticket"),
    onOpen: vi.fn(),
    onRefused: vi.fn(),
    onEvent,
    onLogged,
    onReset,
  });
});

afterEach(() => {
  socket.stop();
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

async function opened(offset = 7): Promise<FakeWebSocket> {
  socket.start();
  await vi.advanceTimersByTimeAsync(0);
  FakeWebSocket.last.welcome(25, at(offset));
  return FakeWebSocket.last;
}

async function reopened(): Promise<FakeWebSocket> {
  await vi.advanceTimersByTimeAsync(500);
  FakeWebSocket.last.onopen?.();
  return FakeWebSocket.last;
}

describe("a stream", () => {
  it("is loaded first, since nothing of it is known", async () => {
    const wire = await opened();
    expect(wire.sent[0]).toEqual({ type: "hello", ticket: "ticket" });
    expect(onReset).toHaveBeenCalledExactlyOnceWith("chat", { epoch: "e1", offset: 7 });
  });

  it("is heard once and in order, apart from other events", async () => {
    const wire = await opened();
    for (const offset of [7, 8, 8, 9, 6, 10]) wire.log(offset);
    expect(heard()).toEqual([8, 9, 10]);
    expect(onEvent).not.toHaveBeenCalled();
    expect(FakeWebSocket.all).toHaveLength(1);
  });

  it("goes on after a lost socket from where it was heard", async () => {
    const wire = await opened();
    wire.log(8);
    wire.closeByServer(1006);
    const again = await reopened();
    expect(again.sent[0]).toEqual({
      type: "hello",
      ticket: "ticket",
      positions: { chat: { epoch: "e1", offset: 8 } },
    });
    again.welcome(25, at(10, true));
    again.log(9);
    again.log(10);
    again.log(11);
    expect(heard()).toEqual([8, 9, 10, 11]);
    expect(onReset).toHaveBeenCalledOnce();
  });

  it("is loaded anew when what was missed does not follow", async () => {
    (await opened()).closeByServer(1006);
    (await reopened()).welcome(25, at(3, false, "e2"));
    expect(onReset).toHaveBeenLastCalledWith("chat", { epoch: "e2", offset: 3 });
    FakeWebSocket.last.log(4, "message.created", {}, "e2");
    expect(heard()).toEqual([4]);
  });

  it.each([
    ["a gap", (wire: FakeWebSocket) => wire.log(9)],
    ["another epoch", (wire: FakeWebSocket) => wire.log(8, "message.created", {}, "e2")],
  ])("is asked for again after %s, and nothing is passed on", async (_what, happen) => {
    const wire = await opened();
    happen(wire);
    wire.log(10);
    expect(heard()).toEqual([]);
    expect(wire.closedByPage).toBe(true);
    expect((await reopened()).sent[0]).toMatchObject({
      positions: { chat: { epoch: "e1", offset: 7 } },
    });
  });

  it("begins anew when the server has lost the thread", async () => {
    const wire = await opened();
    wire.push("stream.reset", { stream: "chat" });
    expect(onReset).toHaveBeenLastCalledWith("chat", null);
    wire.log(2, "message.created", {}, "e2");
    wire.log(3, "message.created", {}, "e2");
    expect(heard()).toEqual([2, 3]);
    expect(FakeWebSocket.all).toHaveLength(1);
  });
});

describe("the heartbeat", () => {
  const beat = (wire: FakeWebSocket, offset: number) =>
    wire.push("heartbeat", { positions: { chat: { epoch: "e1", offset } } });

  it("finds a lost last event, once those in flight had their time", async () => {
    const wire = await opened();
    beat(wire, 9);
    wire.log(8);
    await vi.advanceTimersByTimeAsync(1_999);
    expect(wire.closedByPage).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(wire.closedByPage).toBe(true);
    expect((await reopened()).sent[0]).toMatchObject({
      positions: { chat: { epoch: "e1", offset: 8 } },
    });
  });

  it("leaves a socket alone that has heard everything meanwhile, or knows no position", async () => {
    const wire = await opened();
    beat(wire, 8);
    wire.log(8);
    await vi.advanceTimersByTimeAsync(2_000);
    beat(wire, 8);
    wire.push("heartbeat", { positions: { captions: { epoch: "e1", offset: 3 } } });
    wire.push("heartbeat", {});
    await vi.advanceTimersByTimeAsync(2_000);
    expect(wire.closedByPage).toBe(false);
  });
});

it("a relay hands on its own stream, and how the socket is, to those who follow", () => {
  const relay = new StreamRelay("chat");
  const listener = {
    onLogged: vi.fn(),
    onReset: vi.fn(),
    onPassing: vi.fn(),
    onStatus: vi.fn(),
  };
  relay.status("open");
  const leave = relay.follow(listener);
  expect(listener.onStatus).toHaveBeenCalledWith("open");
  const event = { epoch: "e1", offset: 1, event: "message.created", payload: {} };
  relay.logged({ ...event, stream: "captions" });
  relay.reset("captions", null);
  expect(listener.onLogged).not.toHaveBeenCalled();
  expect(listener.onReset).not.toHaveBeenCalled();
  relay.logged({ ...event, stream: "chat" });
  relay.reset("chat", null);
  relay.passing({ event: "typing.started", payload: {} });
  leave();
  relay.logged({ ...event, stream: "chat" });
  expect(listener.onLogged).toHaveBeenCalledOnce();
  expect(listener.onReset).toHaveBeenCalledOnce();
  expect(listener.onPassing).toHaveBeenCalledOnce();
});
