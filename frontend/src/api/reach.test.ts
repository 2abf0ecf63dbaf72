import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FakeWebSocket } from "./fakeWebSocket";
import { configureReach, untilReached } from "./reach";

const ask = vi.fn<typeof fetch>();
const hang: typeof fetch = (_url, options) =>
  new Promise((_resolve, reject) => {
    options?.signal?.addEventListener("abort", () => reject(new Error("aborted")));
  });
const refuse: typeof fetch = () => {
  queueMicrotask(() => FakeWebSocket.all.forEach((socket) => socket.closeByServer(1006)));
  return Promise.reject(new TypeError("refused"));
};
const answer: typeof fetch = () => Promise.resolve(new Response("", { status: 503 }));

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", ask);
  vi.stubGlobal("WebSocket", FakeWebSocket);
  FakeWebSocket.all = [];
  configureReach("/ws/sessions/abc/");
  ask.mockReset().mockImplementation(answer);
  // Fake timers do not reach the browser's own.
  vi.spyOn(AbortSignal, "timeout").mockImplementation((milliseconds) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), milliseconds);
    return controller.signal;
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("takes any answer, also a refusal, for a network", async () => {
  await untilReached();
  expect(ask).toHaveBeenCalledOnce();
});

it("asks a network that swallows everything again and again, without growing distance", async () => {
  ask.mockImplementation(hang);
  const reached = vi.fn();
  void untilReached().then(reached);
  await vi.advanceTimersByTimeAsync(180_000);
  expect(ask.mock.calls.length).toBeGreaterThanOrEqual(44);
  expect(reached).not.toHaveBeenCalled();
  ask.mockImplementation(answer);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(reached).toHaveBeenCalledOnce();
});

it("takes a socket that opens for a network, though a question hangs in an old attempt", async () => {
  ask.mockImplementation(hang);
  const reached = vi.fn();
  void untilReached().then(reached);
  await vi.advanceTimersByTimeAsync(500);
  expect(FakeWebSocket.last.url).toBe("ws://localhost:3000/ws/sessions/abc/");
  FakeWebSocket.last.onopen?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(reached).toHaveBeenCalledOnce();
  expect(FakeWebSocket.last.closedByPage).toBe(true);
});

it("gives up where a server refuses at once, so that a crowd does not beat at its door", async () => {
  ask.mockImplementation(refuse);
  await expect(untilReached()).rejects.toMatchObject({ code: "offline" });
});

it("waits for a network that the browser says is gone, and asks at once when it is back", async () => {
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  ask.mockImplementation(refuse);
  const reached = vi.fn();
  void untilReached().then(reached);
  await vi.advanceTimersByTimeAsync(100);
  ask.mockImplementation(answer);
  dispatchEvent(new Event("online"));
  await vi.advanceTimersByTimeAsync(0);
  expect(reached).toHaveBeenCalledOnce();
});

it("ends with its signal, and leaves nothing behind", async () => {
  ask.mockImplementation(hang);
  const controller = new AbortController();
  const waiting = expect(untilReached(controller.signal)).rejects.toThrow();
  await vi.advanceTimersByTimeAsync(3_500);
  controller.abort(new Error("stopped"));
  await waiting;
  expect(vi.getTimerCount()).toBe(0);
});
