import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { channelApi, sessionApi } from "./chatApi";
import type { PendingMessage } from "./types";

const fetched = vi.fn<typeof fetch>();
const pending: PendingMessage = {
  client_id: "c1",
  text: "Hello",
  reply_to: { id: "m1", display_name: "Marta", text: "Hi", deleted: false },
  mentions: ["u1"],
  attachments: [],
  at: "2026-11-20T09:00:00Z",
};

beforeEach(() => {
  vi.stubGlobal("fetch", fetched);
  fetched.mockReset().mockImplementation(() => Promise.resolve(new Response("{}")));
});
afterEach(() => vi.unstubAllGlobals());

const asked = (): unknown[] => {
  const [address, init] = fetched.mock.lastCall!;
  const body = init?.body as string | undefined;
  return [init?.method, address, ...(body ? [JSON.parse(body) as unknown] : [])];
};

it("a session's chat is below its slug", async () => {
  const api = sessionApi("abcd-efgh");
  await api.list({ limit: 50, before: 7 });
  expect(asked()).toEqual(["GET", "/api/v1/sessions/abcd-efgh/messages/?limit=50&before=7"]);
  await api.send(pending);
  const body = { client_id: "c1", text: "Hello", reply_to: "m1" };
  expect(asked()).toEqual(["POST", "/api/v1/sessions/abcd-efgh/messages/", body]);
  await api.edit("m1", "New");
  expect(asked()).toEqual(["PATCH", "/api/v1/sessions/abcd-efgh/messages/m1/", { text: "New" }]);
  await api.remove("m1");
  expect(asked()).toEqual(["DELETE", "/api/v1/sessions/abcd-efgh/messages/m1/"]);
  await api.report("m1", "Rude");
  expect(asked()).toEqual([
    "POST",
    "/api/v1/sessions/abcd-efgh/messages/m1/report/",
    { reason: "Rude" },
  ]);
  await api.typing();
  expect(asked()).toEqual(["POST", "/api/v1/sessions/abcd-efgh/typing/", {}]);
  expect(api).not.toHaveProperty("react");
});

it("a channel's has reactions, pins, marks and names beside", async () => {
  const api = channelApi("c9", "s9");
  await api.send(pending);
  expect(asked()[2]).toEqual({
    client_id: "c1",
    text: "Hello",
    reply_to: "m1",
    mentions: ["u1"],
    attachments: [],
  });
  await api.react?.("m1", "👍", true);
  expect(asked()).toEqual(["PUT", "/api/v1/channels/c9/messages/m1/reactions/", { emoji: "👍" }]);
  await api.react?.("m1", "👍", false);
  expect(asked()[0]).toBe("DELETE");
  await api.pin?.("m1", true);
  expect(asked()).toEqual(["PUT", "/api/v1/channels/c9/messages/m1/pin/"]);
  await api.markRead?.(12);
  expect(asked()).toEqual(["PUT", "/api/v1/channels/c9/read/", { offset: 12 }]);
  await api.mentionable?.("Ле");
  expect(asked()[1]).toBe("/api/v1/spaces/s9/mentionable/?q=%D0%9B%D0%B5");
  fetched.mockImplementation(() => Promise.resolve(new Response('{"results": [1]}')));
  expect(await api.pins?.()).toEqual([1]);
});
