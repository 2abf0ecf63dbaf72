import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { TypingList, TypingTeller } from "./typing";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const writes = (participant_id: string, display_name = participant_id) => ({
  channel_id: null,
  user_id: null,
  participant_id,
  display_name,
});

it("is told as often as the server takes it", () => {
  const tell = vi.fn(() => Promise.reject(new Error("nobody minds")));
  const teller = new TypingTeller(tell);
  for (let count = 0; count < 10; count += 1) teller.note();
  expect(tell).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(2_400);
  teller.note();
  expect(tell).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(100);
  teller.note();
  expect(tell).toHaveBeenCalledTimes(2);
});

it("others write for six seconds, or until their words are there; oneself never", () => {
  const onChange = vi.fn();
  const list = new TypingList({ participant_id: "me" }, onChange);
  list.hear(writes("me"));
  list.hear(writes("marta", "Marta"));
  list.hear(writes("ilya", "Ilya"));
  expect(list.names()).toEqual(["Marta", "Ilya"]);
  vi.advanceTimersByTime(4_000);
  list.hear(writes("marta", "Marta"));
  expect(onChange).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(2_000);
  expect(list.names()).toEqual(["Marta"]);
  list.wrote({ participant_id: "marta" });
  expect(list.names()).toEqual([]);
  expect(onChange).toHaveBeenCalledTimes(4);
});

it("a crowd that writes fills no page", () => {
  const list = new TypingList({ user_id: "me" }, vi.fn());
  for (let person = 0; person < 300; person += 1) list.hear(writes(`p${person}`));
  expect(list.names()).toHaveLength(20);
  list.stop();
  expect(list.names()).toEqual([]);
});
