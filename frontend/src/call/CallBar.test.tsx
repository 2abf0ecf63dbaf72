import axe from "axe-core";
import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { sampleParticipant, sampleSession } from "../api/samples";
import { DEFAULT_SETTINGS } from "../sessions/devices/settings";
import type { DockPlace } from "../sessions/types";
import { CallBar } from "./CallBar";
import { CallProvider } from "./CallProvider";
import { joinPeople } from "./callPeople";
import { FakeCall, samplePerson } from "./fakeCall";
import { stubBrowser } from "./stubBrowser";
import { useCallSnapshot } from "./useCallSnapshot";

const me = sampleParticipant({ id: "me", display_name: "Lena Orlova" });
const leave = vi.fn();
let call: FakeCall;
let unread = 0;
let dock: DockPlace;

function Held() {
  const snapshot = useCallSnapshot(call);
  const state = {
    session: sampleSession({ me }),
    participants: new Map([[me.id, me]]),
    loaded: true,
  };
  return (
    <CallProvider
      view={{
        call,
        snapshot,
        state,
        me,
        people: joinPeople(snapshot, state, me),
        link: "",
        blurOffered: false,
        settings: DEFAULT_SETTINGS,
        changeSettings: vi.fn(),
        layout: "grid",
        setLayout: vi.fn(),
        pinned: [],
        togglePin: vi.fn(),
        pip: { kind: "none", window: null, shown: null, video: { current: null }, toggle: vi.fn() },
        panel: null,
        setPanel: vi.fn(),
        chat: unread > 0 ? { session: null, unread, retry: vi.fn() } : null,
        talking: false,
        dock,
        leave,
        endForAll: vi.fn(),
      }}
    >
      <CallBar dock={dock} />
    </CallProvider>
  );
}

const press = (name: string) => userEvent.click(screen.getByRole("button", { name }));

beforeEach(() => {
  unread = 0;
  stubBrowser();
  call = new FakeCall();
  leave.mockReset();
  dock = {
    name: "Galley",
    expanded: false,
    since: Date.now() - 760_000,
    expand: vi.fn(),
    collapse: vi.fn(),
  };
});

test("it says where one is and since when", () => {
  render(<Held />);
  expect(screen.getByRole("region", { name: "Call: Galley" })).toBeTruthy();
  expect(screen.getByText("Connected, 12:40")).toBeTruthy();
});

test("its keys mute, deafen, leave and open the call", async () => {
  render(<Held />);
  await press("Mute the microphone");
  expect(call.setMicrophone).toHaveBeenLastCalledWith(false);
  await press("Hear nobody, and mute yourself");
  expect(call.setDeafened).toHaveBeenLastCalledWith(true);
  await press("Open the call Galley");
  expect(dock.expand).toHaveBeenCalledOnce();
  await press("Leave");
  expect(leave).toHaveBeenCalledOnce();
});

test("who is deaf by choice gets everybody back with the same key", async () => {
  call.change({ deafened: true, microphone: { on: false, trouble: null } });
  render(<Held />);
  await press("Hear everyone");
  expect(call.setDeafened).toHaveBeenLastCalledWith(false);
});

test("a mark stands there while somebody speaks", () => {
  const { container } = render(<Held />);
  const bars = () => container.querySelectorAll(".nz-bars").length;
  expect(bars()).toBe(0);
  act(() => call.change({ people: [samplePerson({ speaking: true })] }));
  expect(bars()).toBe(1);
  act(() => call.change({ people: [samplePerson()] }));
  expect(bars()).toBe(0);
});

test("what is unread in the chat stands there, in words too", () => {
  unread = 4;
  render(<Held />);
  const open = screen.getByRole("button", {
    name: "Open the call Galley. Chat, 4 unread messages",
  });
  expect(open.textContent).toContain("4");
});

test("trouble takes the place of the time", () => {
  call.change({ phase: "reconnecting" });
  render(<Held />);
  expect(screen.getByText("Reconnecting…")).toBeTruthy();
});

test("sound that the browser holds back has a key to let it out", async () => {
  call.change({ soundHeld: true });
  render(<Held />);
  await press("Hear everyone");
  expect(call.hearEveryone).toHaveBeenCalledOnce();
});

test("nobody's picture is received while none is shown", () => {
  render(<Held />);
  expect(call.setInSight).toHaveBeenLastCalledWith({ cameras: new Set(), screens: new Set() });
});

test("axe finds nothing in it", async () => {
  const { container } = render(<Held />);
  const { violations } = await axe.run(container, {
    rules: { "color-contrast": { enabled: false } },
  });
  expect(violations).toEqual([]);
});
