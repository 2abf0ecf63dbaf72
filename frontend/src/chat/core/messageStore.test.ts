import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ProblemError } from "../../api/problem";
import { FakeServer, seeded } from "./fakeServer";
import { MessageStore } from "./messageStore";
import { pushed, sampleAuthor, sampleMessage } from "./samples";
import type { MessagePage } from "./types";

const ME = { participant_id: "me" };
let server: FakeServer;
let store: MessageStore;
const onArrival = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  onArrival.mockReset();
});
afterEach(() => {
  store.stop();
  vi.useRealTimers();
});

function begin(count: number, most?: number): void {
  server = new FakeServer();
  for (let made = 0; made < count; made += 1) server.create();
  store = new MessageStore({
    list: (query) => server.list(query),
    me: ME,
    channelId: null,
    onChange: vi.fn(),
    onArrival,
    ...(most ? { most } : {}),
  });
  server.stream = {
    logged: (event) => store.logged(event),
    reset: (position) => store.reset(position),
  };
  server.connect();
}

const offsets = () => store.getState().messages.map(({ offset }) => offset);
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);
const settle = () => vi.advanceTimersByTimeAsync(60_000);

async function opened(count: number, most?: number): Promise<void> {
  begin(count, most);
  await store.load();
}

describe("loading", () => {
  it("begins with the latest, and goes both ways by page", async () => {
    await opened(120);
    expect(offsets()).toEqual(range(71, 120));
    expect(store.getState()).toMatchObject({ hasBefore: true, hasAfter: false, loading: null });
    await store.loadBefore();
    await store.loadBefore();
    expect(offsets()).toEqual(range(1, 120));
    expect(store.getState().hasBefore).toBe(false);
  });

  it("knows what is new to somebody who has never read here", async () => {
    begin(5);
    const list = server.list.bind(server);
    server.list = async (query) => {
      const page = await list(query);
      return { ...page, read_offset: null, first_unread_id: page.results[2]?.id ?? null };
    };
    await store.load();
    expect(store.getState().readOffset).toBe(2);
  });

  it("keeps so many messages at once, and loads far ones again", async () => {
    await opened(300, 100);
    for (let page = 0; page < 3; page += 1) await store.loadBefore();
    expect(offsets()).toEqual(range(101, 200));
    expect(store.getState().hasAfter).toBe(true);
    await store.loadAfter();
    expect(offsets()).toEqual(range(151, 250));
    await store.loadAfter();
    await store.loadAfter();
    expect(offsets()).toEqual(range(201, 300));
    expect(store.getState()).toMatchObject({ hasBefore: true, hasAfter: false });
  });

  it("asks again by itself, and says that it failed", async () => {
    begin(3);
    server.fail = new ProblemError({ code: "offline", status: 0, title: "" });
    await store.load();
    expect(store.getState()).toMatchObject({ failed: true, loading: null });
    server.fail = null;
    await settle();
    expect(offsets()).toEqual([1, 2, 3]);
    expect(store.getState().failed).toBe(false);
  });

  it("waits as long as a server without its store asks for", async () => {
    begin(1);
    const away = { code: "chat_unavailable", status: 503, title: "", retry_after: 40 };
    server.fail = new ProblemError(away);
    await store.load();
    expect(store.getState()).toMatchObject({ unavailable: true, failed: false });
    server.fail = null;
    await vi.advanceTimersByTimeAsync(39_000);
    expect(offsets()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(store.getState().unavailable).toBe(false);
    expect(offsets()).toEqual([1]);
  });

  it("takes a refusal as it is", async () => {
    begin(1);
    server.fail = new ProblemError({ code: "chat_closed", status: 403, title: "" });
    await store.load();
    server.fail = null;
    await settle();
    expect(offsets()).toEqual([]);
    expect(store.getState().failed).toBe(true);
  });
});

describe("what is heard", () => {
  it("appears at the end, once", async () => {
    await opened(2);
    server.create();
    server.deliverAll();
    server.repeatLast();
    expect(offsets()).toEqual([1, 2, 3]);
    expect(onArrival).toHaveBeenCalledOnce();
  });

  it("while a request is under way is in neither place twice", async () => {
    begin(2);
    const loading = store.load();
    server.create();
    server.deliverAll();
    await loading;
    expect(offsets()).toEqual([1, 2, 3]);
  });

  it("is counted, and not put behind a gap, while one looks at older ones", async () => {
    await opened(300, 100);
    for (let page = 0; page < 2; page += 1) await store.loadBefore();
    server.create();
    server.create({ author: sampleAuthor({ participant_id: "me" }) });
    server.deliverAll();
    expect(offsets()).toEqual(range(151, 250));
    expect(store.getState().newer).toBe(1);
    await store.jumpToLatest();
    expect(offsets()).toEqual(range(253, 302));
    expect(store.getState()).toMatchObject({ newer: 0, hasAfter: false, target: { id: "m302" } });
  });

  it("lets old messages go only while nobody reads them", async () => {
    await opened(50, 50);
    for (let count = 0; count < 60; count += 1) server.create();
    server.deliverAll();
    expect(offsets()).toEqual(range(1, 100));
    expect(store.getState()).toMatchObject({ newer: 10, hasAfter: true });
    await store.jumpToLatest();
    store.sawUpTo(110);
    for (let count = 0; count < 60; count += 1) {
      const { offset } = server.create();
      server.deliverAll();
      store.sawUpTo(offset);
    }
    expect(offsets().at(-1)).toBe(170);
    expect(offsets().length).toBeLessThanOrEqual(100);
    expect(store.getState()).toMatchObject({ hasBefore: true, hasAfter: false });
  });

  it("changes, deletes and quotes", async () => {
    await opened(2);
    server.create({
      reply_to: { id: "m1", display_name: "Marta", text: "Message 1", deleted: false },
    });
    server.edit("m2", "Other words");
    server.remove("m1");
    server.deliverAll();
    const [first, second, third] = store.getState().messages;
    expect(first).toMatchObject({ text: "", deleted_at: expect.any(String) });
    expect(second).toMatchObject({ text: "Other words", edited_at: expect.any(String) });
    expect(third!.reply_to).toMatchObject({ text: "", deleted: true });
  });

  it("of others carries no id by which a page could take it for its own", async () => {
    await opened(0);
    server.create({ client_id: "c1" });
    server.create({ client_id: "c1", author: sampleAuthor({ participant_id: "me" }) });
    server.deliverAll();
    expect(store.getState().messages.map(({ client_id }) => client_id)).toEqual([null, "c1"]);
  });

  it("of reactions is counted by the server; which are mine this page knows", async () => {
    begin(0);
    store = new MessageStore({
      list: (query) => server.list(query),
      me: { user_id: "lena" },
      channelId: null,
      onChange: vi.fn(),
    });
    server.create({ reactions: [{ emoji: "👍", count: 1, mine: true, names: ["Lena"] }] });
    await store.load();
    const react = (
      user_id: string,
      display_name: string,
      emoji: string,
      count: number,
      added: boolean,
    ) =>
      server.say("reaction.changed", {
        message_id: "m1",
        channel_id: null,
        emoji,
        count,
        user_id,
        display_name,
        added,
      });
    react("ilya", "Ilya", "👍", 2, true);
    react("lena", "Lena", "🎉", 1, true);
    react("lena", "Lena", "👍", 1, false);
    server.deliverAll();
    expect(store.getState().messages[0]!.reactions).toEqual([
      { emoji: "👍", count: 1, mine: false, names: ["Ilya"] },
      { emoji: "🎉", count: 1, mine: true, names: ["Lena"] },
    ]);
    react("lena", "Lena", "🎉", 0, false);
    server.deliverAll();
    expect(store.getState().messages[0]!.reactions).toHaveLength(1);
  });
});

describe("a stream that cannot be continued", () => {
  it("is loaded anew, and the place kept in the same log", async () => {
    await opened(120);
    await store.loadBefore();
    server.disconnect();
    server.edit("m30", "Missed");
    for (let count = 0; count < 5; count += 1) server.create();
    server.connect();
    await settle();
    expect(offsets()).toEqual([...range(21, 120), ...range(122, 126)]);
    expect(store.getState().messages.find(({ id }) => id === "m30")!.text).toBe("Missed");
  });

  it("asks for nothing when everything is known already", async () => {
    await opened(3);
    const list = vi.spyOn(server, "list");
    store.reset({ epoch: "e1", offset: 3 });
    store.reset({ epoch: "e1", offset: 2 });
    await settle();
    expect(list).not.toHaveBeenCalled();
  });

  it("is asked once more when the answer is older than the position", async () => {
    begin(1);
    const old = await server.list({});
    const answers = [old];
    vi.spyOn(server, "list").mockImplementation(() =>
      Promise.resolve(answers.shift() ?? server.page({})),
    );
    const loading = store.load();
    server.create();
    server.disconnect();
    server.connect();
    await loading;
    expect(offsets()).toEqual([1]);
    await settle();
    expect(offsets()).toEqual([1, 2]);
  });

  it("begins anew with another epoch", async () => {
    await opened(3);
    server.lose();
    server.create({ text: "After the loss" });
    server.deliverAll();
    await settle();
    expect(store.getState().messages.map(({ text }) => text)).toEqual(["After the loss"]);
  });

  it("finds a gap by itself", async () => {
    await opened(1);
    server.create();
    server.create();
    server.dropOne();
    server.deliverAll();
    expect(offsets()).toEqual([1]);
    await settle();
    expect(offsets()).toEqual([1, 2, 3]);
  });
});

describe("jumping", () => {
  it("to a message, and with its day's first", async () => {
    await opened(400, 100);
    expect(await store.jumpToMessage("m100", { around: true })).toBe(true);
    expect(offsets()).toContain(100);
    expect(store.getState()).toMatchObject({
      target: { id: "m100" },
      hasBefore: true,
      hasAfter: true,
    });
    await store.jumpToDate(sampleMessage(200).created_at);
    expect(offsets()[0]).toBe(200);
    expect(store.getState().target).toEqual({ id: "m200" });
  });

  it("by going back page after page where the server does not know how", async () => {
    await opened(400);
    expect(await store.jumpToMessage("m20", { around: false })).toBe(true);
    expect(offsets()[0]).toBeLessThanOrEqual(20);
    expect(await store.jumpToMessage("nowhere", { around: false })).toBe(false);
  });
});

describe("own changes", () => {
  it("show with the answer, unless the stream has said more", async () => {
    await opened(2);
    await store.changing("m1", () => Promise.resolve(sampleMessage(1, { text: "Mine" })));
    expect(store.getState().messages[0]!.text).toBe("Mine");
    await store.changing("m2", () => {
      server.remove("m2");
      server.deliverAll();
      return Promise.resolve(sampleMessage(2, { text: "Too late" }));
    });
    expect(store.getState().messages[1]!.deleted_at).not.toBeNull();
  });
});

describe("whatever comes first", () => {
  it.each(range(1, 40))("nothing is lost, doubled or out of order (%i)", async (round) => {
    for (let seed = round * 25; seed < round * 25 + 25; seed += 1) await play(seed);
  });

  /** A random walk over everything that can happen, then quiet; the window must be the server's. */
  async function play(seed: number): Promise<void> {
    const random = seeded(seed);
    const pick = (most: number) => Math.floor(random() * most);
    begin(pick(30), 8 + pick(10));
    server.random = random;
    const loading: Promise<unknown>[] = [store.load()];
    const newest = () => server.all.length;
    const moves: (() => unknown)[] = [
      () => server.create(),
      () => server.create({ channel_id: "elsewhere" }),
      () => server.edit(`m${1 + pick(newest())}`, `edit ${server.top}`),
      () => server.remove(`m${1 + pick(newest())}`),
      () => server.deliver(1 + pick(4)),
      () => server.deliver(1 + pick(4)),
      () => server.answer(),
      () => server.answer(),
      () => loading.push(store.loadBefore()),
      () => loading.push(store.loadAfter()),
      () => loading.push(store.jumpToLatest()),
      () => loading.push(store.jumpToMessage(`m${1 + pick(newest())}`, { around: true })),
      () => store.sawUpTo(offsets().at(-1) ?? 0),
      () => (pick(3) === 0 ? server.disconnect() : undefined),
      () => server.connect({ recovers: pick(2) === 0 }),
      () => (pick(40) === 0 ? server.lose() : undefined),
      () => vi.advanceTimersByTimeAsync(pick(1_000)),
    ];
    server.slow = true;
    for (let step = 0; step < 60; step += 1) {
      await moves[pick(moves.length)]!();
      await vi.advanceTimersByTimeAsync(0);
      expectOrder(seed);
    }
    server.slow = false;
    server.connect({ recovers: true });
    for (let turn = 0; turn < 30; turn += 1) {
      server.answer();
      server.deliverAll();
      await vi.advanceTimersByTimeAsync(5_000);
    }
    await Promise.allSettled(loading);
    expectTruth(seed);
    await store.jumpToLatest();
    expectTruth(seed);
    expect([seed, store.getState().hasAfter]).toEqual([seed, false]);
    store.stop();
  }

  function expectOrder(seed: number): void {
    const found = offsets();
    const sorted = [...new Set(found)].sort((one, other) => one - other);
    expect([seed, found]).toEqual([seed, sorted]);
  }

  function expectTruth(seed: number): void {
    expectOrder(seed);
    const { messages, hasBefore, hasAfter } = store.getState();
    const truth: MessagePage["results"] = server.page({ limit: 1000 }).results;
    const first = hasBefore ? messages[0]!.offset : 0;
    const last = hasAfter ? messages.at(-1)!.offset : Infinity;
    const slice = truth.filter(({ offset }) => offset >= first && offset <= last);
    expect([seed, messages.map(pushed)]).toEqual([seed, slice.map(pushed)]);
  }
});
