import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { ProblemError } from "../../api/problem";
import { getSession, joinSession } from "../../api/sessions";
import type { Session } from "../../api/types";
import { DEFAULT_SETTINGS } from "../devices/settings";
import { SAMPLE_CONFIG, SAMPLE_PARTICIPANT, SAMPLE_SESSION } from "../samples";
import { JoinGate } from "./JoinGate";

vi.mock("../../api/sessions", () => ({ joinSession: vi.fn(), getSession: vi.fn() }));

const onJoin = vi.fn();
const onEnd = vi.fn();
const getUserMedia = vi.fn();
const permission = { microphone: "prompt", camera: "prompt" };

function refusal(name: string) {
  return Object.assign(new Error("no"), { name });
}

beforeEach(() => {
  Object.assign(permission, { microphone: "prompt", camera: "prompt" });
  Object.defineProperty(navigator, "mediaDevices", {
    configurable: true,
    value: {
      getUserMedia,
      enumerateDevices: () => Promise.resolve([]),
      addEventListener: vi.fn(),
      removeEventListener: vi.fn(),
    },
  });
  Object.defineProperty(navigator, "permissions", {
    configurable: true,
    value: {
      query: ({ name }: { name: "microphone" | "camera" }) =>
        Promise.resolve({ state: permission[name], addEventListener: vi.fn() }),
    },
  });
});
afterEach(() => {
  vi.resetAllMocks();
  vi.useRealTimers();
});

async function showGate(
  session: Partial<Session> = {},
  config: Partial<typeof SAMPLE_CONFIG> = {},
) {
  render(
    <JoinGate
      config={{ ...SAMPLE_CONFIG, ...config }}
      session={{ ...SAMPLE_SESSION, ...session }}
      settings={DEFAULT_SETTINGS}
      onSettingsChange={vi.fn()}
      onJoin={onJoin}
      onEnd={onEnd}
    />,
  );
  await act(async () => {
    await Promise.resolve();
  });
}

const nameField = () => screen.getByLabelText<HTMLInputElement>("Your name");
const joinButton = () => screen.getByRole("button", { name: "Join" });

test("nothing is opened before the person says so", async () => {
  await showGate();
  expect(
    await screen.findByText("The browser will ask to use your camera and microphone."),
  ).toBeTruthy();
  expect(getUserMedia).not.toHaveBeenCalled();
  getUserMedia.mockRejectedValue(refusal("NotAllowedError"));
  await userEvent.click(screen.getByRole("button", { name: "Turn on camera and microphone" }));
  expect(getUserMedia).toHaveBeenCalled();
  expect(await screen.findByText("The browser blocks your camera and microphone")).toBeTruthy();
});

test("only what the browser would really ask for is named", async () => {
  permission.microphone = "granted";
  getUserMedia.mockRejectedValue(refusal("NotFoundError"));
  await showGate();
  expect(await screen.findByText("The browser will ask to use your camera.")).toBeTruthy();
  expect(await screen.findByText("No microphone found. You can join and listen.")).toBeTruthy();
});

test("a person without a name is told so in place", async () => {
  await showGate();
  await userEvent.type(nameField(), "   ");
  await userEvent.click(joinButton());
  expect(nameField().getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByText("Write your name, so that others know who you are.")).toBeTruthy();
  expect(document.activeElement).toBe(nameField());
  expect(joinSession).not.toHaveBeenCalled();
  await userEvent.type(nameField(), "D");
  expect(nameField().getAttribute("aria-invalid")).toBeNull();
});

test("joining hands over name, switches and settings, and the name is remembered", async () => {
  const answer = { session: SAMPLE_SESSION, participant: SAMPLE_PARTICIPANT, credential: null };
  vi.mocked(joinSession).mockResolvedValue(answer);
  await showGate();
  await userEvent.type(nameField(), " Dana ");
  await userEvent.click(screen.getByRole("button", { name: "Turn the camera off" }));
  await userEvent.click(joinButton());
  expect(joinSession).toHaveBeenCalledWith(SAMPLE_SESSION.slug, "Dana");
  const choice = {
    displayName: "Dana",
    microphoneOn: true,
    cameraOn: false,
    devices: { microphoneId: undefined, cameraId: undefined, speakerId: undefined },
    settings: DEFAULT_SETTINGS,
  };
  expect(onJoin).toHaveBeenCalledWith(choice, answer);
  expect(localStorage.getItem("nonza.name")).toBe('"Dana"');
  expect(JSON.parse(localStorage.getItem("nonza.switches") ?? "")).toEqual({
    microphoneOn: true,
    cameraOn: false,
  });
});

test("a blocked camera lets one join without it, this time only", async () => {
  Object.assign(permission, { microphone: "granted", camera: "denied" });
  getUserMedia.mockRejectedValue(refusal("NotAllowedError"));
  vi.mocked(joinSession).mockReturnValue(new Promise(() => undefined));
  await showGate({}, { display_name: "Dana" });
  await userEvent.click(await screen.findByRole("button", { name: "Join without" }));
  expect(joinSession).toHaveBeenCalledOnce();
  expect(screen.getByRole("button", { name: "Joining" }).getAttribute("aria-busy")).toBe("true");
  expect(localStorage.getItem("nonza.switches")).toBeNull();
});

test("a page that is not secure says so, and one may join all the same", async () => {
  Object.defineProperty(navigator, "mediaDevices", { configurable: true, value: undefined });
  vi.mocked(joinSession).mockReturnValue(new Promise(() => undefined));
  await showGate({}, { display_name: "Dana" });
  expect(screen.getByText("No camera or microphone here")).toBeTruthy();
  await userEvent.click(joinButton());
  expect(joinSession).toHaveBeenCalledOnce();
});

test("a refusal that is an end goes there, with the choice", async () => {
  vi.mocked(joinSession).mockRejectedValue(
    new ProblemError({ code: "session_full", status: 409, title: "" }),
  );
  await showGate({}, { display_name: "Dana" });
  await userEvent.click(joinButton());
  expect(onEnd.mock.calls[0]?.[0]).toEqual({ kind: "full" });
  expect(onEnd.mock.calls[0]?.[1]).toMatchObject({ displayName: "Dana" });
});

test.each([
  ["offline", "You are offline. Try again when the network is back."],
  ["unavailable", "It did not work this time. Try again in a moment."],
  ["rate_limited", "Too many tries. You can go on in 40 seconds."],
])("a refusal because of %s is told beside the button", async (code, words) => {
  vi.mocked(joinSession).mockRejectedValue(
    new ProblemError({ code, status: 429, title: "", retry_after: 40 }),
  );
  await showGate({}, { display_name: "Dana" });
  await userEvent.click(joinButton());
  expect(await screen.findByText(words)).toBeTruthy();
  expect(onEnd).not.toHaveBeenCalled();
});

test("a locked session opens by itself when its host opens it", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  vi.mocked(getSession).mockResolvedValue(SAMPLE_SESSION);
  await showGate({ locked: true });
  expect(joinButton().hasAttribute("disabled")).toBe(true);
  expect(screen.getByText("The session is locked. Ask the host to open it.")).toBeTruthy();
  act(() => {
    vi.advanceTimersByTime(8000);
  });
  await waitFor(() => expect(joinButton().hasAttribute("disabled")).toBe(false));
});

test("without a media server the gate says so", async () => {
  await showGate({}, { media_available: false });
  expect(
    screen.getByText("Calls are not available now. The media server does not answer."),
  ).toBeTruthy();
});
