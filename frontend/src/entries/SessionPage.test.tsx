import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { getSession } from "../api/sessions";
import { rememberPresence } from "../sessions/presence";
import { SAMPLE_CONFIG, SAMPLE_PARTICIPANT, SAMPLE_SESSION } from "../sessions/samples";
import { SessionPage } from "./SessionPage";

vi.mock("../call/CallPage", () => {
  throw new Error("The network is away.");
});
vi.mock("../api/sessions", () => ({
  joinSession: vi.fn(),
  getSession: vi.fn(),
  mintToken: vi.fn(),
}));

const locked = { code: "session_locked", status: 409, title: "" };

beforeEach(() => {
  vi.stubGlobal("RTCPeerConnection", vi.fn());
  vi.stubGlobal("MediaStream", vi.fn());
});
afterEach(() => {
  vi.unstubAllGlobals();
  sessionStorage.clear();
});

test("who comes back to a session that ended meanwhile is told so, and for how long it went on", async () => {
  vi.mocked(getSession).mockResolvedValue({
    ...SAMPLE_SESSION,
    me: { ...SAMPLE_PARTICIPANT, state: "left" },
    status: "ended",
    ended_reason: "host_ended",
    started_at: "2026-01-01T10:00:00Z",
    ended_at: "2026-01-01T10:24:00Z",
  });
  render(<SessionPage config={{ ...SAMPLE_CONFIG, problem: locked }} />);
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("heading", { name: "The session has ended" })).toBeTruthy();
  expect(screen.getByText(/24 minutes/)).toBeTruthy();
});

test("a call whose code does not arrive has an end page", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  rememberPresence(SAMPLE_SESSION.slug, { microphoneOn: false, cameraOn: false });
  render(
    <SessionPage
      config={{ ...SAMPLE_CONFIG, session: { ...SAMPLE_SESSION, me: SAMPLE_PARTICIPANT } }}
    />,
  );
  expect(await screen.findByRole("button", { name: "Try again" })).toBeTruthy();
  await waitFor(() => expect(document.documentElement.dataset.view).toBe("end"));
});
