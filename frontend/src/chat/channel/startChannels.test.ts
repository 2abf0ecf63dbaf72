import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { StreamRelay, type LoggedEvent } from "../../api/streams";
import { sampleAuthor, sampleMessage } from "../core/samples";
import type { Message } from "../core/types";
import { startChannels, type ChannelsOptions } from "./startChannels";

const mounted = vi.hoisted(() => ({
  places: [] as { name: string | undefined; state: string }[],
  jumps: [] as string[],
}));

vi.mock("./mountChannel", () => ({
  mountChannel: (place: HTMLElement) => {
    const one = { name: place.dataset.name, state: "drawn" };
    mounted.places.push(one);
    return Promise.resolve({
      refresh: () => {
        one.state = "refreshed";
      },
      jumpTo: (id: string) => mounted.jumps.push(id),
      unmount: () => {
        one.state = "gone";
      },
    });
  },
}));

let relay: StreamRelay;
let told: unknown[][];

function start(change: Partial<ChannelsOptions> = {}) {
  return startChannels({
    relay,
    userId: "lena",
    go: () => undefined,
    onMessage: (...news) => told.push(news),
    onFailed: () => undefined,
    ...change,
  });
}

function put(channel: string | null): void {
  const place = channel ? `<div id="channel-chat" data-island data-channel-id="${channel}"` : "";
  document.body.innerHTML = place && `${place} data-name="${channel ?? ""}"></div>`;
}

function created(offset: number, change: Partial<Message>): LoggedEvent {
  const payload = sampleMessage(offset, {
    author: sampleAuthor({ user_id: "marta", participant_id: null }),
    ...change,
  });
  return { stream: "chat", epoch: "e", offset, event: "message.created", payload };
}

beforeEach(() => {
  relay = new StreamRelay("chat");
  told = [];
  mounted.places = [];
  mounted.jumps = [];
  vi.spyOn(document, "hasFocus").mockReturnValue(true);
});

afterEach(() => {
  document.body.innerHTML = "";
});

test("a channel is drawn at its place, goes with the page, and another comes", async () => {
  put("general");
  const channels = start();
  await vi.waitFor(() => expect(mounted.places).toHaveLength(1));
  await Promise.resolve();
  put("timetable");
  channels.look();
  await vi.waitFor(() => expect(mounted.places).toHaveLength(2));
  expect(mounted.places.map(({ name }) => name)).toEqual(["general", "timetable"]);
  expect(mounted.places[0]?.state).toBe("gone");
});

test("a page that was drawn anew in place keeps its channel", async () => {
  put("general");
  const channels = start();
  await vi.waitFor(() => expect(mounted.places).toHaveLength(1));
  await Promise.resolve();
  channels.look();
  expect(mounted.places).toEqual([{ name: "general", state: "refreshed" }]);
});

test("others' messages are told, with whether they name oneself and whether one looks at them", () => {
  put("general");
  start();
  relay.logged(created(1, { channel_id: "general" }));
  relay.logged(
    created(2, {
      channel_id: "other",
      mentions: [{ user_id: "lena", display_name: "Lena" }],
    }),
  );
  relay.logged(created(3, { channel_id: "other", mentions_all: true }));
  relay.logged(created(4, { channel_id: "other", author: sampleAuthor({ user_id: "lena" }) }));
  expect(told).toEqual([
    [
      { channel_id: "general", offset: 1 },
      { mentioned: false, looking: true },
    ],
    [
      { channel_id: "other", offset: 2 },
      { mentioned: true, looking: false },
    ],
    [
      { channel_id: "other", offset: 3 },
      { mentioned: true, looking: false },
    ],
  ]);
});

test("a link to a message of the open channel leads there without another page", async () => {
  put("general");
  start();
  await vi.waitFor(() => expect(mounted.places).toHaveLength(1));
  await Promise.resolve();
  const link = document.createElement("a");
  link.href = "/channels/general/?message=m7";
  document.body.append(link);
  const event = new MouseEvent("click", { bubbles: true, cancelable: true });
  link.dispatchEvent(event);
  expect(mounted.jumps).toEqual(["m7"]);
  expect(event.defaultPrevented).toBe(true);
});
