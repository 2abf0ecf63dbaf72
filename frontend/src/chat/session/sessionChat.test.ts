import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { StreamRelay } from "../../api/streams";
import * as chatApi from "../core/chatApi";
import { FakeServer } from "../core/fakeServer";
import * as alerts from "../core/mentionAlerts";
import { forgetOutboxes } from "../core/outboxes";
import { sampleAuthor, sampleMessage } from "../core/samples";
import { SessionChat } from "./sessionChat";

const takeAway = vi.fn();
const onNews = vi.fn<(words: string) => () => void>();
const onWanted = vi.fn();
let server: FakeServer;
let relay: StreamRelay;
let chat: SessionChat;
const own = sampleAuthor({ participant_id: "me", display_name: "Lena" });
const said = () => onNews.mock.calls.flat();

function make(): SessionChat {
  return new SessionChat({
    slug: "abcd",
    relay,
    me: { id: "me", display_name: "Lena", color: 2, avatar_url: null },
    canModerate: false,
    onNews,
    onWanted,
  });
}

async function begin(): Promise<void> {
  chat = make();
  chat.start();
  relay.status("open");
  await vi.advanceTimersByTimeAsync(0);
}

function arrive(change: Parameters<FakeServer["create"]>[0] = {}): number {
  const { offset } = server.create(change);
  server.deliverAll();
  return offset;
}

/** It was in sight for long enough. */
async function read(offset: number): Promise<void> {
  chat.source.markRead(offset);
  await vi.advanceTimersByTimeAsync(1_000);
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(document, "hasFocus").mockReturnValue(true);
  document.title = "Autumn";
  sessionStorage.clear();
  forgetOutboxes();
  takeAway.mockReset();
  onNews.mockReset().mockReturnValue(takeAway);
  onWanted.mockReset();
  server = new FakeServer();
  relay = new StreamRelay("chat");
  server.stream = { logged: relay.logged, reset: (position) => relay.reset("chat", position) };
  server.connect();
  vi.spyOn(chatApi, "sessionApi").mockReturnValue({
    list: (query) => server.list(query),
    send: (pending) => Promise.resolve(server.create({ text: pending.text, author: own })),
    edit: vi.fn(),
    remove: vi.fn(),
    report: vi.fn(),
    typing: vi.fn(),
  });
});
afterEach(() => {
  chat.stop();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("what is unread", () => {
  it("is what others wrote since one looked, also before one came", async () => {
    server.create();
    server.create({ author: own });
    server.create({ kind: "system", author: null });
    server.deliverAll();
    await begin();
    expect(chat.getUnread()).toBe(1);
    expect(document.title).toBe("(1) Autumn");
    arrive();
    expect(chat.getUnread()).toBe(2);
    await read(4);
    expect(chat.getUnread()).toBe(0);
    expect(document.title).toBe("Autumn");
  });

  it("is known again after a reload", async () => {
    await begin();
    await read(arrive());
    chat.stop();
    arrive();
    await begin();
    expect(chat.getUnread()).toBe(1);
  });

  it("begins anew with another log", async () => {
    await begin();
    await read(arrive());
    server.lose();
    arrive();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(chat.getUnread()).toBe(1);
  });

  it("stands below a line where one left", async () => {
    await begin();
    await read(arrive());
    arrive();
    chat.setOpen(true);
    expect(chat.source.getSnapshot().readOffset).toBe(1);
    await read(2);
    expect(chat.source.getSnapshot().readOffset).toBe(1);
    vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    document.dispatchEvent(new Event("visibilitychange"));
    expect(chat.source.getSnapshot().readOffset).toBe(2);
  });
});

describe("news", () => {
  it("is told while the panel is closed, without the signs of the markdown", async () => {
    await begin();
    arrive({ text: "**Shall we** go\non? " + "x".repeat(200) });
    expect(said()).toEqual([`Marta Silva: Shall we go on? ${"x".repeat(104)}…`]);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(takeAway).not.toHaveBeenCalled();
    chat.setOpen(true);
    expect(takeAway).toHaveBeenCalledOnce();
    arrive();
    expect(said()).toHaveLength(1);
  });

  it("of one's own and of the system is none", async () => {
    await begin();
    arrive({ author: own });
    arrive({ kind: "system", author: null, code: "participant.joined" });
    expect(said()).toEqual([]);
  });

  it("of a flood is told at most every three seconds", async () => {
    await begin();
    for (let count = 0; count < 30; count += 1) arrive();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(said()).toEqual(["Marta Silva: Message 1", "29 new messages"]);
    await vi.advanceTimersByTimeAsync(3_000);
    arrive({ text: "Later" });
    expect(said().at(-1)).toBe("Marta Silva: Later");
  });

  it("goes to the browser where one is meant", async () => {
    const alertOf = vi.spyOn(alerts, "alertOf").mockReturnValue();
    await begin();
    arrive({ text: "Somebody here?" });
    expect(alertOf).not.toHaveBeenCalled();
    arrive({ text: "@lena, are **you** here?" });
    expect(alertOf).toHaveBeenLastCalledWith({
      title: "Marta Silva mentioned you",
      body: "@lena, are you here?",
      tag: "session abcd",
      onPress: onWanted,
    });
    const mine = server.create({ author: own });
    const quote = { id: mine.id, display_name: "Lena", text: "", deleted: false };
    arrive({ reply_to: quote, text: "Yes" });
    expect(alertOf).toHaveBeenCalledTimes(2);
    arrive({ reply_to: { ...quote, id: sampleMessage(1).id }, text: "No" });
    expect(alertOf).toHaveBeenCalledTimes(2);
  });
});
