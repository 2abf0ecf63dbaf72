import { renderHook } from "@testing-library/react";
import { expect, test } from "vitest";

import { sampleSnapshot } from "../core/fakeSource";
import { sampleMessage } from "../core/samples";
import type { ChatSnapshot } from "../core/types";
import { useUnseen } from "./useUnseen";

function upTo(first: number, last: number, change: Partial<ChatSnapshot> = {}): ChatSnapshot {
  const items = Array.from({ length: last - first + 1 }, (_, place) => ({
    state: "sent" as const,
    message: sampleMessage(first + place),
  }));
  return sampleSnapshot({ items, ...change });
}

test("what came after one left the end is counted; going back to old messages counts nothing", () => {
  const hook = renderHook(({ snapshot, atEnd }) => useUnseen(snapshot, atEnd), {
    initialProps: { snapshot: upTo(50, 60), atEnd: true },
  });
  expect(hook.result.current).toBe(0);
  hook.rerender({ snapshot: upTo(50, 62), atEnd: false });
  expect(hook.result.current).toBe(2);
  hook.rerender({ snapshot: upTo(1, 10, { hasAfter: true }), atEnd: false });
  expect(hook.result.current).toBe(0);
  hook.rerender({ snapshot: upTo(1, 55, { hasAfter: true, newer: 1 }), atEnd: false });
  expect(hook.result.current).toBe(1);
  hook.rerender({ snapshot: upTo(1, 63), atEnd: false });
  expect(hook.result.current).toBe(3);
  hook.rerender({ snapshot: upTo(1, 63), atEnd: true });
  expect(hook.result.current).toBe(0);
});

test("who came in the middle has seen no end: only what comes is counted", () => {
  const hook = renderHook(({ snapshot, atEnd }) => useUnseen(snapshot, atEnd), {
    initialProps: { snapshot: upTo(1, 10, { hasAfter: true }), atEnd: false },
  });
  expect(hook.result.current).toBe(0);
  hook.rerender({ snapshot: upTo(1, 40, { hasAfter: true, newer: 2 }), atEnd: false });
  expect(hook.result.current).toBe(2);
});
