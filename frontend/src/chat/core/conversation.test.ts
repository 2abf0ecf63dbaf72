import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Mock } from "vitest";
import { ProblemError } from "../../api/problem";
import { StreamRelay } from "../../api/streams";
import type { ChatApi, ReactionState } from "./chatApi";
import { Conversation } from "./conversation";
import { FakeServer } from "./fakeServer";
import { forgetOutboxes } from "./outboxes";
import { sampleAuthor, sampleMessage } from "./samples";
import type { ChatItem, Message, PendingMessage } from "./types";

const ME = { participant_id: "me", display_name: "Lena" };
let server: FakeServer;
let relay: StreamRelay;
let chat: Conversation;
let api: { [Name in keyof ChatApi]-?: Mock<NonNullable<ChatApi[Name]>> };
const settle = () => vi.advanceTimersByTimeAsync(0);
const own = sampleAuthor({ participant_id: "me", display_name: "Lena" });

function accept(pending: PendingMessage): Message {
  return server.create({ client_id: pending.client_id, text: pending.text, author: own });
}

beforeEach(() => {
  vi.useFakeTimers();
  sessionStorage.clear();
  forgetOutboxes();
  server = new FakeServer();
  relay = new StreamRelay("chat");
  server.stream = {
    logged: relay.logged,
    reset: (position) => relay.reset("chat", position),
  };
  server.connect();
  for (let count = 0; count < 3; count += 1) server.create();
  server.deliverAll();
  api = {
    list: vi.fn<ChatApi["list"]>((query) => server.list(query)),
    send: vi.fn((pending: PendingMessage) => Promise.resolve(accept(pending))),
    edit: vi.fn((id: string, text: string) => Promise.resolve(sampleMessage(1, { id, text }))),
    remove: vi.fn(() => Promise.resolve()),
    report: vi.fn(() => Promise.resolve()),
    typing: vi.fn(() => Promise.resolve()),
    react: vi.fn(),
    pin: vi.fn(),
    pins: vi.fn(),
    markRead: vi.fn(() => Promise.resolve()),
    upload: vi.fn(),
    mentionable: vi.fn(),
  };
  chat = make();
});
afterEach(() => {
  chat.stop();
  vi.useRealTimers();
});

function make(change: Partial<ConstructorParameters<typeof Conversation>[0]> = {}): Conversation {
  const options = { api, relay, place: "session x", channelId: null, me: ME, canModerate: false };
  return new Conversation({ ...options, ...change });
}

async function open(): Promise<void> {
  chat.start();
  relay.status("open");
  await settle();
}

const shown = () =>
  chat
    .getSnapshot()
    .items.map((item) =>
      item.state === "sent" ? item.message.text : `${item.pending.text} (${item.state})`,
    );
const before = ["Message 1", "Message 2", "Message 3"];

describe("what one writes", () => {
  it("shows at once, then as sent, and is there once when the stream brings it", async () => {
    await open();
    let answer: (message: Message) => void = () => undefined;
    api.send.mockImplementationOnce(() => new Promise((done) => (answer = done)));
    chat.send({ text: " Hello \n" });
    expect(shown()).toEqual([...before, "Hello (sending)"]);
    const pending = api.send.mock.calls[0]![0];
    const message = accept(pending);
    answer(message);
    await settle();
    expect(shown()).toEqual([...before, "Hello"]);
    server.deliverAll();
    expect(shown()).toEqual([...before, "Hello"]);
    expect(chat.getSnapshot().items.at(-1)).toMatchObject({
      message: { client_id: pending.client_id },
    });
  });

  it("is there once when the stream is faster than the answer, which is then lost", async () => {
    await open();
    api.send.mockImplementationOnce((pending: PendingMessage) => {
      accept(pending);
      server.deliverAll();
      return Promise.reject(new ProblemError({ code: "offline", status: 0, title: "" }));
    });
    chat.send({ text: "Hello" });
    await settle();
    expect(shown()).toEqual([...before, "Hello"]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(api.send).toHaveBeenCalledOnce();
  });

  it("keeps the place behind what others wrote first", async () => {
    await open();
    chat.send({ text: "Mine" });
    server.create({ text: "Theirs" });
    await settle();
    expect(shown()).toEqual([...before, "Mine"]);
    server.deliverAll();
    expect(shown()).toEqual([...before, "Mine", "Theirs"]);
  });

  it("fails with the server's words, and is tried again or thrown away by hand", async () => {
    await open();
    const refusal = { code: "message_filtered", status: 422, title: "", detail: "Not here." };
    api.send.mockRejectedValueOnce(new ProblemError(refusal));
    chat.send({ text: "Bad" });
    await settle();
    const failed = chat.getSnapshot().items.at(-1) as ChatItem & { state: "failed" };
    expect(failed).toMatchObject({ state: "failed", error: "Not here.", final: true });
    chat.retry(failed.pending.client_id);
    await settle();
    expect(shown().at(-1)).toBe("Bad");
    api.send.mockRejectedValueOnce(new ProblemError(refusal));
    chat.send({ text: "Worse" });
    await settle();
    const next = chat.getSnapshot().items.at(-1) as ChatItem & { state: "failed" };
    chat.discard(next.pending.client_id);
    expect(shown().at(-1)).toBe("Bad");
  });

  it("survives a reload of the page, and the draft with it", async () => {
    await open();
    api.send.mockImplementation(() => new Promise(() => undefined));
    chat.send({ text: "On its way" });
    chat.draft.set({ text: "Half", replyTo: null });
    chat.stop();
    forgetOutboxes();
    api.send.mockImplementation((pending: PendingMessage) => Promise.resolve(accept(pending)));
    chat = make();
    expect(chat.draft.get().text).toBe("Half");
    await open();
    server.deliverAll();
    expect(shown()).toEqual([...before, "On its way"]);
    expect(server.all).toHaveLength(4);
  });

  it("nothing is not sent; sending empties the draft", async () => {
    await open();
    chat.draft.set({ text: "Hello", replyTo: null });
    chat.send({ text: "  " });
    expect(api.send).not.toHaveBeenCalled();
    chat.send({ text: "Hello" });
    expect(chat.draft.get().text).toBe("");
  });

  it("leads to the end from wherever one reads", async () => {
    for (let count = 0; count < 300; count += 1) server.create();
    await open();
    await chat.jumpTo({ date: sampleMessage(5).created_at });
    expect(chat.getSnapshot()).toMatchObject({ hasAfter: true });
    chat.send({ text: "Now" });
    await settle();
    server.deliverAll();
    expect(chat.getSnapshot().hasAfter).toBe(false);
    expect(shown().at(-1)).toBe("Now");
  });
});

describe("what others do", () => {
  it("who writes is named until the words are there", async () => {
    await open();
    const typing = { channel_id: null, user_id: null, participant_id: "marta" };
    relay.passing({ event: "typing.started", payload: { ...typing, display_name: "Marta" } });
    relay.passing({
      event: "typing.started",
      payload: { ...typing, channel_id: "elsewhere", participant_id: "x", display_name: "X" },
    });
    expect(chat.getSnapshot().typing).toEqual(["Marta"]);
    server.create();
    server.deliverAll();
    expect(chat.getSnapshot().typing).toEqual([]);
  });

  it("rows that did not change stay the same objects", async () => {
    await open();
    const [first] = chat.getSnapshot().items;
    server.create();
    server.deliverAll();
    expect(chat.getSnapshot().items[0]).toBe(first);
  });
});

describe("the connection", () => {
  it("is told only once it was there and is lost", async () => {
    chat.start();
    relay.status("connecting");
    expect(chat.getSnapshot().connection).toBe("open");
    relay.status("open");
    relay.status("waiting");
    expect(chat.getSnapshot().connection).toBe("reconnecting");
    relay.status("connecting");
    expect(chat.getSnapshot().connection).toBe("reconnecting");
    relay.status("open");
    expect(chat.getSnapshot().connection).toBe("open");
    await settle();
  });

  it("that comes back sends what waits", async () => {
    await open();
    api.send.mockRejectedValue(new ProblemError({ code: "offline", status: 0, title: "" }));
    chat.send({ text: "Hello" });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(shown().at(-1)).toBe("Hello (failed)");
    api.send.mockImplementation((pending: PendingMessage) => Promise.resolve(accept(pending)));
    relay.status("waiting");
    relay.status("open");
    await settle();
    expect(shown().at(-1)).toBe("Hello");
  });
});

describe("changes", () => {
  it("edits and deletes show with the answer", async () => {
    await open();
    await chat.edit("m1", " New ");
    expect(api.edit).toHaveBeenCalledWith("m1", "New");
    expect(shown()[0]).toBe("New");
    await chat.remove("m2");
    expect(chat.getSnapshot().items[1]).toMatchObject({
      message: { deleted_at: expect.any(String) },
    });
  });

  it("a reaction shows at once, and goes again when it is refused", async () => {
    chat.stop();
    chat = make({ me: { user_id: "lena", display_name: "Lena" }, channelId: null });
    await open();
    const reactions = () => {
      const [item] = chat.getSnapshot().items;
      return item?.state === "sent" ? item.message.reactions : [];
    };
    let answer: (state: ReactionState) => void = () => undefined;
    api.react.mockImplementationOnce(() => new Promise((done) => (answer = done)));
    const reacting = chat.react!("m1", "👍", true);
    expect(reactions()).toEqual([{ emoji: "👍", count: 1, mine: true, names: ["Lena"] }]);
    answer({ emoji: "👍", count: 4, mine: true });
    await reacting;
    expect(reactions()[0]!.count).toBe(4);
    api.react.mockRejectedValueOnce(new ProblemError({ code: "x", status: 409, title: "" }));
    await expect(chat.react!("m1", "🎉", true)).rejects.toThrow();
    expect(reactions()).toHaveLength(1);
    await chat.react!("m1", "👍", true);
    expect(api.react).toHaveBeenCalledTimes(2);
  });

  it("rights that end take the composer away", async () => {
    await open();
    chat.setRights({ canModerate: true, canWrite: false });
    expect(chat.getSnapshot()).toMatchObject({ canModerate: true, canWrite: false });
  });
});

it("opens at a message, or at the latest where there is no such message", async () => {
  chat.stop();
  for (let count = 0; count < 100; count += 1) server.create();
  chat = make({ channelId: null, startAt: "m2" });
  await open();
  expect(chat.getSnapshot().target).toEqual({ id: "m2" });
  chat.stop();
  api.list.mockImplementationOnce(() =>
    Promise.reject(new ProblemError({ code: "message_not_found", status: 404, title: "" })),
  );
  chat = make({ channelId: "c1", startAt: "gone" });
  await open();
  expect(chat.getSnapshot()).toMatchObject({ loading: null, failed: false });
});
