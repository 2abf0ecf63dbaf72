import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { FakeWebSocket } from "../../api/fakeWebSocket";
import { StreamRelay } from "../../api/streams";
import type { StreamListener } from "../../api/streams";
import { currentToasts, dismissToast } from "../../ui/toasts";
import { startLive } from "./start";
import type { News } from "./wire";

const chat = new StreamRelay("chat");
const options = {
  onNew: vi.fn(),
  onDrawn: vi.fn(),
  enter: vi.fn(),
  isInside: vi.fn(() => false),
  go: vi.fn(),
};
const fetched = vi.fn<typeof fetch>();
const settle = () => vi.advanceTimersByTimeAsync(0);
const socketTo = (path: string) =>
  FakeWebSocket.all.filter((socket) => socket.url.endsWith(path)).at(-1)!;
const words = () => currentToasts().map((toast) => toast.words);
let membership = 200;
let page = 200;

const tell = (name: string, boosted: boolean) =>
  document.body.dispatchEvent(new CustomEvent(name, { detail: { boosted } }));
const turn = () => tell("htmx:afterSettle", true);

const SHELL = `
  <aside id="sidebar" data-space="galleon">
    <div class="nz-switcher"><b>Galleon</b></div><span data-unread-news hidden>0</span>
  </aside>
  <main id="main"><h1>Overview</h1></main>`;

function answer(body: unknown, status = 200): Response {
  return new Response(typeof body === "string" ? body : JSON.stringify(body), { status });
}

function news(kind: string, content: News["content"]): News {
  return { id: "1", kind, space_id: "galleon", content };
}

beforeEach(async () => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0);
  vi.stubGlobal("WebSocket", FakeWebSocket);
  vi.stubGlobal("fetch", fetched);
  FakeWebSocket.all = [];
  membership = 200;
  page = 200;
  fetched.mockReset().mockImplementation((asked) => {
    const address = asked as string;
    if (address.endsWith("tickets/")) return Promise.resolve(answer({ ticket: "t" }));
    if (address.includes("membership")) {
      return Promise.resolve(answer({ code: "space_not_found", status: membership }, membership));
    }
    return Promise.resolve(answer(SHELL.replace("<h1>Overview", "<h1>Overview, fresh"), page));
  });
  for (const mock of Object.values(options)) mock.mockClear();
  options.isInside.mockReturnValue(false);
  for (const toast of currentToasts()) dismissToast(toast.id);
  // A fresh body: what an earlier test listened to is gone with it.
  document.documentElement.replaceChild(document.createElement("body"), document.body);
  document.body.innerHTML = SHELL;
  startLive({ ...options, chat });
  await settle();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("it listens to the open space and to one's own news", () => {
  const paths = FakeWebSocket.all.map((socket) => new URL(socket.url).pathname).sort();
  expect(paths).toEqual(["/ws/me/", "/ws/spaces/galleon/"]);
});

test("what happened before the socket opened is loaded, once for both sockets", async () => {
  socketTo("/ws/spaces/galleon/").welcome();
  socketTo("/ws/me/").welcome();
  await settle();
  expect(document.querySelector("h1")!.textContent).toBe("Overview, fresh");
  expect(options.onDrawn).toHaveBeenCalledOnce();
  socketTo("/ws/spaces/galleon/").push("resync");
  await vi.advanceTimersByTimeAsync(4_999);
  expect(options.onDrawn).toHaveBeenCalledOnce();
  await vi.advanceTimersByTimeAsync(1);
  expect(options.onDrawn).toHaveBeenCalledTimes(2);
});

test("heartbeats of these sockets say nothing of a microphone", () => {
  const socket = socketTo("/ws/spaces/galleon/");
  socket.welcome();
  expect(socket.sent).toEqual([{ type: "hello", ticket: "t" }, { type: "heartbeat" }]);
});

test("the bell counts, and a call that began can be joined from its toast", () => {
  const me = socketTo("/ws/me/");
  const started = news("call.started", { display_name: "Ilya", title: "Galley", slug: "s" });
  me.push("notification.created", { notification: started, unread: 3 });
  expect(document.querySelector("[data-unread-news]")).toMatchObject({
    textContent: "3",
    hidden: false,
  });
  expect(words()).toEqual(["Ilya started a call in Galley."]);
  currentToasts()[0]!.actions![0]!.onChoose();
  expect(options.enter).toHaveBeenCalledWith(started);
  me.push("notifications.read", { unread: 0 });
  expect(document.querySelector("[data-unread-news]")).toMatchObject({ hidden: true });
});

test("a mention shows the message from its toast", () => {
  const mention = news("message.mentioned", {
    display_name: "Ilya",
    channel_id: "c",
    channel_name: "deck",
    message_id: "m",
    text: "Look",
    mentioned: "you",
  });
  const me = socketTo("/ws/me/");
  me.push("notification.created", { notification: mention, unread: 1 });
  expect(words()).toEqual(["Ilya mentioned you in #deck: Look"]);
  currentToasts()[0]!.actions![0]!.onChoose();
  expect(options.go).toHaveBeenCalledExactlyOnceWith("/channels/c/?message=m");
});

test("a call that one is in already needs no toast", () => {
  options.isInside.mockReturnValue(true);
  const started = news("call.started", { display_name: "Ilya", title: "Galley", slug: "s" });
  socketTo("/ws/me/").push("notification.created", { notification: started, unread: 1 });
  expect(words()).toEqual([]);
  expect(document.querySelector("[data-unread-news]")!.textContent).toBe("1");
});

test("who is removed from the open space is told, and led away once", async () => {
  membership = 404;
  socketTo("/ws/spaces/galleon/").welcome();
  socketTo("/ws/me/").push("space.removed", { space_id: "galleon" });
  socketTo("/ws/spaces/galleon/").closeByServer(4403);
  await settle();
  expect(words()).toEqual(["You are no longer a member of Galleon."]);
  expect(options.go).toHaveBeenCalledExactlyOnceWith("/");
});

test("a refused socket alone leads nobody away while they are a member", async () => {
  socketTo("/ws/spaces/galleon/").closeByServer(4403);
  await settle();
  expect(options.go).not.toHaveBeenCalled();
});

test("the loss of another space only changes the switcher", async () => {
  socketTo("/ws/me/").push("space.removed", { space_id: "other" });
  await settle();
  expect(options.go).not.toHaveBeenCalled();
  expect(options.onDrawn).toHaveBeenCalledOnce();
});

test("another space is followed when it is opened, the same one goes on", async () => {
  const first = socketTo("/ws/spaces/galleon/");
  turn();
  await settle();
  expect(FakeWebSocket.all).toHaveLength(2);
  document.getElementById("sidebar")!.dataset.space = "ferry";
  turn();
  await settle();
  expect(first.closedByPage).toBe(true);
  expect(new URL(FakeWebSocket.last.url).pathname).toBe("/ws/spaces/ferry/");
});

test("a part that the page loads by itself does not keep it from being loaded anew", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  socketTo("/ws/spaces/galleon/").welcome();
  tell("htmx:afterSettle", false);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(options.onDrawn).toHaveBeenCalledOnce();
});

test("what was heard while another page was on its way is loaded, nothing else", async () => {
  tell("htmx:beforeSend", true);
  await vi.advanceTimersByTimeAsync(100);
  turn();
  await vi.advanceTimersByTimeAsync(8_000);
  expect(options.onDrawn).not.toHaveBeenCalled();
  tell("htmx:beforeSend", true);
  socketTo("/ws/spaces/galleon/").push("channel.changed", {});
  turn();
  await vi.advanceTimersByTimeAsync(8_000);
  expect(options.onDrawn).toHaveBeenCalledOnce();
});

test("from a page that is gone one is led to the space, after reading how a call ended", async () => {
  page = 404;
  document.documentElement.dataset.dock = "large";
  socketTo("/ws/spaces/galleon/").push("channel.deleted", { id: "c1" });
  await settle();
  expect(options.go).not.toHaveBeenCalled();
  delete document.documentElement.dataset.dock;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(options.go).toHaveBeenCalledExactlyOnceWith("/spaces/galleon/");
  expect(words()).toEqual(["This page is not there any more."]);
});

test("what is written is handed on, and never a reason to load the page anew", async () => {
  const heard: StreamListener = {
    onLogged: vi.fn(),
    onReset: vi.fn(),
    onPassing: vi.fn(),
    onStatus: vi.fn(),
  };
  const leave = chat.follow(heard);
  const wire = socketTo("/ws/spaces/galleon/");
  wire.welcome(25, { chat: { epoch: "e1", offset: 4, recovered: false } });
  socketTo("/ws/me/").welcome();
  await vi.advanceTimersByTimeAsync(10_000);
  fetched.mockClear();
  wire.log(5);
  wire.push("typing.started", { channel_id: "c1" });
  socketTo("/ws/me/").push("channel.read", { channel_id: "c1" });
  await vi.advanceTimersByTimeAsync(10_000);
  leave();
  expect(heard.onReset).toHaveBeenCalledWith({ epoch: "e1", offset: 4 });
  expect(heard.onLogged).toHaveBeenCalledOnce();
  expect(heard.onPassing).toHaveBeenCalledTimes(2);
  expect(fetched).not.toHaveBeenCalled();
});
