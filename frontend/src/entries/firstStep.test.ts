import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { rememberPresence } from "../sessions/presence";
import { SAMPLE_CONFIG, SAMPLE_PARTICIPANT, SAMPLE_SESSION } from "../sessions/samples";
import { firstStep } from "./firstStep";

beforeEach(() => {
  vi.stubGlobal("RTCPeerConnection", vi.fn());
  vi.stubGlobal("MediaStream", vi.fn());
});
afterEach(() => {
  vi.unstubAllGlobals();
  sessionStorage.clear();
});

const problem = (code: string) => ({ code, status: 404, title: "" });

test("a live session begins at its gate", () => {
  expect(firstStep(SAMPLE_CONFIG)).toEqual({ at: "gate" });
});

test.each([
  ["session_not_found", "not_found"],
  ["session_expired", "expired"],
  ["participant_removed", "removed"],
  ["participant_banned", "banned"],
  ["members_only", "members_only"],
  ["unheard_of", "error"],
])("%s begins at its end page", (code, kind) => {
  const step = firstStep({ ...SAMPLE_CONFIG, session: null, problem: problem(code) });
  expect(step).toMatchObject({ at: "end", end: { kind } });
});

test("an ended session says why it ended", () => {
  const session = { ...SAMPLE_SESSION, status: "ended" as const, ended_reason: "empty" as const };
  const step = firstStep({ ...SAMPLE_CONFIG, session, problem: problem("session_ended") });
  expect(step).toMatchObject({ at: "end", end: { kind: "ended", reason: "empty" } });
});

test("a page without a refusal looks at the session itself", () => {
  const me = { ...SAMPLE_PARTICIPANT, state: "removed" as const };
  const step = firstStep({ ...SAMPLE_CONFIG, session: { ...SAMPLE_SESSION, me } });
  expect(step).toMatchObject({ at: "end", end: { kind: "removed" } });
});

test("a browser without calls is told so", () => {
  vi.unstubAllGlobals();
  expect(firstStep(SAMPLE_CONFIG)).toMatchObject({ at: "end" });
});

test("a reload in the call leads back to the seat, with what was on", () => {
  rememberPresence(SAMPLE_SESSION.slug, { microphoneOn: false, cameraOn: true });
  const session = { ...SAMPLE_SESSION, me: SAMPLE_PARTICIPANT };
  expect(firstStep({ ...SAMPLE_CONFIG, session })).toMatchObject({
    at: "call",
    choice: { displayName: "Dana", microphoneOn: false, cameraOn: true },
  });
  const left = { ...SAMPLE_SESSION, me: { ...SAMPLE_PARTICIPANT, state: "left" as const } };
  expect(firstStep({ ...SAMPLE_CONFIG, session: left })).toEqual({ at: "gate" });
});
