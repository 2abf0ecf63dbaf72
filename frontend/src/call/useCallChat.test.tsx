import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { sampleParticipant } from "../api/samples";
import { StreamRelay } from "../api/streams";
import * as chatApi from "../chat/core/chatApi";
import { pushed, sampleMessage } from "../chat/core/samples";
import { currentToasts, dismissToast } from "../ui/toasts";
import { useCallChat } from "./useCallChat";

const SOON = { timeout: 20_000 };
const onWanted = vi.fn();
const refused = vi.fn();
const list = vi.fn<chatApi.ChatApi["list"]>();
const relay = new StreamRelay("chat");
const me = sampleParticipant({ id: "me", display_name: "Lena" });

beforeEach(() => {
  for (const toast of currentToasts()) dismissToast(toast.id);
  list.mockReset().mockResolvedValue({
    results: [sampleMessage(1)],
    epoch: "e1",
    offset: 1,
    has_before: false,
    has_after: false,
  });
  vi.spyOn(chatApi, "sessionApi").mockReturnValue({
    list,
    send: refused,
    edit: refused,
    remove: refused,
    report: refused,
    typing: refused,
  });
});
afterEach(() => vi.restoreAllMocks());

const begin = (offered: boolean, wanted = true) =>
  renderHook(useCallChat, {
    initialProps: { offered, slug: "abcd", relay, me, wanted, onWanted },
  });

it("is nothing where nobody can write, and asks the server for nothing", () => {
  expect(begin(false).result.current).toBeNull();
  expect(list).not.toHaveBeenCalled();
});

it("comes when it is wanted, counts, tells, and goes with the call", async () => {
  const { result, unmount } = begin(true);
  await vi.waitFor(() => expect(result.current?.session).not.toBeNull(), SOON);
  await vi.waitFor(() => expect(result.current?.unread).toBe(1), SOON);
  const say = (offset: number) =>
    relay.logged({
      stream: "chat",
      epoch: "e1",
      offset,
      event: "message.created",
      payload: pushed(sampleMessage(offset, { text: "**Hello**" })),
    });
  act(() => say(2));
  expect(result.current?.unread).toBe(2);
  const [toast] = currentToasts();
  expect(toast!.words).toBe("Marta Silva: Hello");
  toast!.actions![0]!.onChoose();
  expect(onWanted).toHaveBeenCalledOnce();
  unmount();
  say(3);
  expect(currentToasts()).toHaveLength(1);
});

it("leaves the network to the call at first", () => {
  vi.useFakeTimers();
  const { result } = begin(true, false);
  vi.advanceTimersByTime(1_900);
  vi.useRealTimers();
  expect(result.current?.session).toBeNull();
  expect(list).not.toHaveBeenCalled();
});
