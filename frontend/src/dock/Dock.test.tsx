import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { ProblemError } from "../api/problem";
import { sampleParticipant, sampleSession } from "../api/samples";
import { enterChannel, leaveSession } from "../api/sessions";
import type { CallPageProps } from "../sessions/types";
import { CallDock } from "./callDock";
import { Dock } from "./Dock";
import type { DockConfig, Place } from "./types";

vi.mock("../api/sessions", () => ({ enterChannel: vi.fn(), leaveSession: vi.fn() }));
vi.mock("../call/CallPage", () => ({
  default: ({ dock, config, onEnd }: CallPageProps) => (
    <section id="call" tabIndex={-1} aria-label={`${dock!.name} ${config.link}`}>
      {dock!.expanded ? (
        <button onClick={dock!.collapse}>Small</button>
      ) : (
        <button id="call-bar-open" onClick={dock!.expand}>
          Large
        </button>
      )}
      <button onClick={() => onEnd({ kind: "left" })}>Leave</button>
    </section>
  ),
}));

const config: DockConfig = {
  language: "en",
  csrf_cookie: "csrftoken",
  api: "/api/v1/",
  user_id: null,
  display_name: "Lena",
  media_available: true,
  blur_model: null,
  chat: false,
};
const galley: Place = { kind: "channel", id: "c1", name: "Galley", camera: false };
const bridge: Place = { kind: "channel", id: "c2", name: "Bridge", camera: true };
const inert = (id: string) => document.getElementById(id)!.inert;
const press = (name: string) => userEvent.click(screen.getByRole("button", { name }));
let dock: CallDock;
let narrow = false;

beforeEach(() => {
  narrow = false;
  vi.stubGlobal("RTCPeerConnection", vi.fn());
  vi.stubGlobal("MediaStream", vi.fn());
  vi.stubGlobal("matchMedia", () => ({
    matches: narrow,
    addEventListener: vi.fn(),
    removeEventListener: vi.fn(),
  }));
  vi.mocked(leaveSession).mockResolvedValue();
  vi.mocked(enterChannel).mockImplementation((id) =>
    Promise.resolve({
      token: "t",
      url: "",
      identity: "me.1",
      expires_at: "",
      session: sampleSession({ id, slug: `slug-${id}` }),
      participant: sampleParticipant(),
    }),
  );
  document.body.innerHTML =
    '<aside id="sidebar"></aside><main id="main" tabindex="-1"><h1>Overview</h1></main><div id="call-dock"></div>';
  dock = new CallDock({ displayName: "Lena", onEndInBar: vi.fn() });
  render(<Dock dock={dock} config={config} />, {
    container: document.getElementById("call-dock")!,
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  sessionStorage.clear();
});

async function enter(place: Place): Promise<void> {
  act(() => dock.enter(place));
  await screen.findByRole("region", { name: new RegExp(`^${place.name} http`) });
}

test("a large call covers the page beside it, and has the focus", async () => {
  act(() => dock.enter(galley));
  expect(document.activeElement?.id).toBe("call");
  await screen.findByRole("region", { name: /^Galley/ });
  expect(inert("main")).toBe(true);
  expect(inert("sidebar")).toBe(false);
  expect(document.documentElement.dataset.dock).toBe("large");
  expect(screen.getByRole("region", { name: /session\/slug-c1\/$/ })).toBeTruthy();
});

test("where there is no room beside it, it covers the sidebar, too", async () => {
  narrow = true;
  await enter(galley);
  expect(inert("sidebar")).toBe(true);
  await press("Small");
  expect(inert("sidebar")).toBe(false);
});

test("made small it lets the page go on, and the focus is on the way back", async () => {
  await enter(galley);
  await press("Small");
  expect(inert("main")).toBe(false);
  expect(document.documentElement.dataset.dock).toBe("bar");
  expect(document.activeElement?.id).toBe("call-bar-open");
  await press("Large");
  expect(document.activeElement?.id).toBe("call");
});

test("another page beside it keeps its own focus, also when htmx has swapped it", async () => {
  await enter(galley);
  const main = document.createElement("main");
  main.id = "main";
  main.innerHTML = '<h1 tabindex="-1">Members</h1>';
  document.getElementById("main")!.replaceWith(main);
  main.querySelector("h1")!.focus();
  act(() => dock.turnTo("/spaces/1/members/"));
  expect(document.activeElement?.textContent).toBe("Members");
  act(() => dock.expand());
  expect(inert("main")).toBe(true);
});

test("who has left is on the page again, and nothing of the call is", async () => {
  await enter(galley);
  await press("Leave");
  expect(document.documentElement.dataset.dock).toBeUndefined();
  expect(inert("main")).toBe(false);
  expect(document.activeElement?.textContent).toBe("Overview");
});

test("another channel is asked for first", async () => {
  await enter(galley);
  act(() => dock.enter(bridge));
  expect(screen.getByRole("alertdialog", { name: "Leave Galley and go to Bridge?" })).toBeTruthy();
  await press("Stay");
  expect(screen.queryByRole("alertdialog")).toBeNull();
  act(() => dock.enter(bridge));
  await press("Go there");
  await screen.findByRole("region", { name: /^Bridge/ });
  expect(leaveSession).toHaveBeenCalledExactlyOnceWith("slug-c1");
});

test("a refusal has its end page, and the way back to the space", async () => {
  const full = { code: "session_full", status: 409, title: "" };
  vi.mocked(enterChannel).mockRejectedValueOnce(new ProblemError(full));
  act(() => dock.enter(galley));
  expect(await screen.findByRole("heading", { name: "Every seat is taken" })).toBeTruthy();
  await press("Stop waiting");
  expect(dock.getState().step.at).toBe("none");
});

test("an end that leads to the front page elsewhere leads back to the space here", async () => {
  await enter(galley);
  act(() => dock.end({ kind: "removed" }));
  expect(screen.queryByRole("link")).toBeNull();
  await press("Back to the space");
  expect(inert("main")).toBe(false);
});
