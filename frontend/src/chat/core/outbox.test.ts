import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ProblemError } from "../../api/problem";
import { uuid7 } from "./ids";
import { Outbox } from "./outbox";
import { sampleMessage } from "./samples";
import type { Message, PendingMessage } from "./types";

const send = vi.fn<(pending: PendingMessage) => Promise<Message>>();
let outbox: Outbox;
let offset = 0;

const problem = (status: number, detail = "", retry_after?: number) =>
  new ProblemError({
    code: "x",
    status,
    title: "",
    detail,
    ...(retry_after ? { retry_after } : {}),
  });
const pending = (client_id: string): PendingMessage => ({
  client_id,
  text: client_id,
  reply_to: null,
  mentions: [],
  attachments: [],
  at: new Date().toISOString(),
});
const states = () => outbox.entries().map(({ pending: { text }, state }) => `${text} ${state}`);
const sent = () => send.mock.calls.map(([{ client_id }]) => client_id);
const settle = () => vi.advanceTimersByTimeAsync(0);
const late = () => vi.advanceTimersByTimeAsync(120_000);

beforeEach(() => {
  vi.useFakeTimers();
  sessionStorage.clear();
  offset = 0;
  send.mockReset().mockImplementation(({ client_id }) => {
    offset += 1;
    return Promise.resolve(sampleMessage(offset, { client_id }));
  });
  outbox = new Outbox({ place: "here", send });
});
afterEach(() => vi.useRealTimers());

describe("sending", () => {
  it("goes one after the other, in order", async () => {
    let answer: (message: Message) => void = () => undefined;
    send.mockImplementationOnce(() => new Promise((done) => (answer = done)));
    outbox.add(pending("a"));
    outbox.add(pending("b"));
    await settle();
    expect(sent()).toEqual(["a"]);
    answer(sampleMessage(1));
    await settle();
    expect(sent()).toEqual(["a", "b"]);
    expect(states()).toEqual(["a sent", "b sent"]);
    outbox.arrived(new Set(["a", "b"]));
    expect(states()).toEqual([]);
  });

  it.each([0, 408, 429, 500, 503])("tries again after %i, under the same id", async (status) => {
    send.mockRejectedValueOnce(problem(status));
    outbox.add(pending("a"));
    outbox.add(pending("b"));
    await settle();
    expect(states()).toEqual(["a sending", "b sending"]);
    await late();
    expect(sent()).toEqual(["a", "a", "b"]);
  });

  it("waits as long as the server asks for", async () => {
    send.mockRejectedValueOnce(problem(429, "", 30));
    outbox.add(pending("a"));
    await vi.advanceTimersByTimeAsync(29_900);
    expect(sent()).toEqual(["a"]);
    await vi.advanceTimersByTimeAsync(200);
    expect(sent()).toEqual(["a", "a"]);
  });

  it("takes a refusal as it is, says why, and goes on with the next", async () => {
    send.mockRejectedValueOnce(problem(422, "It has a word in it that is not wanted here."));
    outbox.add(pending("a"));
    outbox.add(pending("b"));
    await late();
    expect(outbox.entries()[0]).toMatchObject({
      state: "failed",
      final: true,
      error: "It has a word in it that is not wanted here.",
    });
    expect(sent()).toEqual(["a", "b"]);
  });

  it("gives up after a while, without letting the next overtake", async () => {
    send.mockRejectedValue(problem(0));
    outbox.add(pending("a"));
    outbox.add(pending("b"));
    await late();
    expect(states()).toEqual(["a failed", "b failed"]);
    expect(new Set(sent())).toEqual(new Set(["a"]));
    send
      .mockReset()
      .mockImplementation(({ client_id }) => Promise.resolve(sampleMessage(1, { client_id })));
    outbox.retry("b");
    await settle();
    expect(sent()).toEqual(["a", "b"]);
  });
});

describe("coming back", () => {
  it("goes on at once when the network is there", async () => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    send.mockRejectedValueOnce(problem(0));
    outbox.add(pending("a"));
    await settle();
    outbox.wake();
    await settle();
    expect(states()).toEqual(["a sent"]);
  });

  it("tries again what failed not long ago, and leaves older and refused ones to the person", async () => {
    send.mockRejectedValueOnce(problem(422));
    outbox.add(pending("refused"));
    await settle();
    send.mockRejectedValue(problem(0));
    outbox.add({ ...pending("old"), at: new Date(Date.now() - 11 * 60_000).toISOString() });
    outbox.add(pending("new"));
    await late();
    send.mockReset().mockImplementation(() => Promise.resolve(sampleMessage(1)));
    outbox.wake();
    await settle();
    expect(states()).toEqual(["refused failed", "old failed", "new sent"]);
  });

  it("a reload neither loses nor doubles", async () => {
    send.mockImplementationOnce(() => new Promise(() => undefined));
    outbox.add(pending("a"));
    outbox.add(pending("b"));
    await settle();
    const next = new Outbox({ place: "here", send });
    expect(new Outbox({ place: "elsewhere", send }).entries()).toEqual([]);
    outbox = next;
    expect(states()).toEqual(["a sending", "b sending"]);
    outbox.arrived(new Set(["a"]));
    outbox.start();
    await settle();
    expect(sent()).toEqual(["a", "b"]);
    expect(new Outbox({ place: "here", send }).entries()).toEqual([]);
  });

  it("what was kept by somebody else is not trusted", () => {
    sessionStorage.setItem("nonza.outbox.here", '{"a":1}');
    expect(new Outbox({ place: "here", send }).entries()).toEqual([]);
    sessionStorage.setItem(
      "nonza.outbox.here",
      '[1, {"client_id": 2}, {"client_id":"c","text":"d"}]',
    );
    expect(new Outbox({ place: "here", send }).entries()).toHaveLength(1);
    sessionStorage.setItem("nonza.outbox.here", "no json");
    expect(new Outbox({ place: "here", send }).entries()).toEqual([]);
  });

  it("a browser that keeps nothing sends all the same", async () => {
    outbox = new Outbox({ place: "here", send, storage: null });
    outbox.add(pending("a"));
    await settle();
    expect(states()).toEqual(["a sent"]);
  });
});

it("ids are UUIDs of version 7, and sort by time", () => {
  const ids = [1_700_000_000_000, 1_700_000_000_001, 1_800_000_000_000].map((at) => uuid7(at));
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  expect([...ids].sort()).toEqual(ids);
  expect(ids[0]!.slice(0, 13)).toBe("018bcfe5-6800");
});
