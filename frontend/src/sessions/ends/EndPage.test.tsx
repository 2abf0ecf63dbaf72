import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";

import { SAMPLE_PARTICIPANT, SAMPLE_SESSION } from "../samples";
import type { EndReason } from "../types";
import { EndPage } from "./EndPage";

vi.mock("../statistics/HowItWent", () => ({ default: () => <p>How it went</p> }));

const onRetry = vi.fn(() => Promise.resolve());
const onComeBack = vi.fn();

function show(end: EndReason, seats: number | null = null) {
  const session = { ...SAMPLE_SESSION, max_participants: seats };
  render(<EndPage end={end} session={session} onRetry={onRetry} onComeBack={onComeBack} />);
}

afterEach(() => {
  vi.clearAllMocks();
  vi.useRealTimers();
});

const ENDS: [EndReason, string][] = [
  [{ kind: "left" }, "You left the session"],
  [{ kind: "ended", reason: "host_ended" }, "The session has ended"],
  [{ kind: "expired" }, "The session has expired"],
  [{ kind: "full" }, "Every seat is taken"],
  [{ kind: "locked" }, "The session is locked"],
  [{ kind: "not_found" }, "There is no session with this code"],
  [{ kind: "other_tab" }, "You joined from another tab"],
  [{ kind: "media_unavailable" }, "Calls are not available now"],
  [{ kind: "unsupported" }, "This browser can’t hold a call"],
  [{ kind: "insecure" }, "This page can’t use camera and microphone"],
  [{ kind: "removed" }, "You were removed from the session"],
  [{ kind: "banned" }, "You can’t come into this session"],
  [{ kind: "offline" }, "You are offline"],
  [{ kind: "error" }, "Something went wrong on our side"],
];

test.each(ENDS)("%o has its page, title and focus", (end, title) => {
  show(end);
  const heading = screen.getByRole("heading", { level: 1, name: title });
  expect(document.title).toBe(`${title} · Nonza`);
  expect(document.activeElement).toBe(heading);
});

test("an ended session tells how long it lasted and why it ended", () => {
  show({ kind: "ended", reason: "host_ended", seconds: 47 * 60 });
  expect(screen.getByText(/^It lasted 47 minutes\. A host ended it for everyone\./)).toBeTruthy();
});

test("one can come back after leaving, and use the tab where the call is not", () => {
  show({ kind: "left" });
  fireEvent.click(screen.getByRole("button", { name: "Come back" }));
  expect(onComeBack).toHaveBeenCalledOnce();
  show({ kind: "other_tab" });
  fireEvent.click(screen.getByRole("button", { name: "Use it here" }));
  expect(onRetry).toHaveBeenCalledOnce();
});

test("a full session is looked at every eight seconds until one stops waiting", async () => {
  vi.useFakeTimers();
  show({ kind: "full" }, 10);
  expect(screen.getByText(/^The session holds 10 people\./)).toBeTruthy();
  expect(screen.getByText("Looking again in 8 s")).toBeTruthy();
  act(() => {
    vi.advanceTimersByTime(3000);
  });
  expect(screen.getByText("Looking again in 5 s")).toBeTruthy();
  await act(() => vi.advanceTimersByTimeAsync(5000));
  expect(onRetry).toHaveBeenCalledOnce();
  expect(screen.getByText("Looking again in 8 s")).toBeTruthy();

  fireEvent.click(screen.getByRole("button", { name: "Stop waiting" }));
  await act(() => vi.advanceTimersByTimeAsync(60_000));
  expect(onRetry).toHaveBeenCalledOnce();
  fireEvent.click(screen.getByRole("button", { name: "Keep waiting" }));
  await act(() => vi.advanceTimersByTimeAsync(8000));
  expect(onRetry).toHaveBeenCalledTimes(2);
});

test("missing calls are tried again by themselves, and at once when the network is back", async () => {
  vi.useFakeTimers();
  show({ kind: "media_unavailable" });
  await act(() => vi.advanceTimersByTimeAsync(10_000));
  expect(onRetry).toHaveBeenCalledOnce();
  await act(async () => {
    window.dispatchEvent(new Event("online"));
    await Promise.resolve();
  });
  expect(onRetry).toHaveBeenCalledTimes(2);
});

const ROLES = { ...SAMPLE_PARTICIPANT, state: "left" } as const;

test.each([
  ["host", "ended", true],
  ["cohost", "left", true],
  ["host", "expired", true],
  ["participant", "ended", false],
  ["host", "removed", false],
  ["host", "other_tab", false],
] as const)("a %s whose call is %s learns how it went: %s", async (role, kind, learns) => {
  const session = { ...SAMPLE_SESSION, me: { ...ROLES, role } };
  const end: EndReason = kind === "ended" ? { kind, reason: "host_ended" } : { kind };
  render(<EndPage end={end} session={session} onRetry={onRetry} onComeBack={onComeBack} />);
  await act(() => Promise.resolve());
  if (learns) expect(await screen.findByText("How it went")).toBeDefined();
  else expect(screen.queryByText("How it went")).toBeNull();
});
