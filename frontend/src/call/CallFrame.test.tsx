import axe from "axe-core";
import { act, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { sampleParticipant, sampleSession } from "../api/samples";
import type { Participant } from "../api/types";
import { FakeSource } from "../chat/core/fakeSource";
import type { SessionChat } from "../chat/session/sessionChat";
import type { CallSnapshot } from "../livekit/types";
import { DEFAULT_SETTINGS } from "../sessions/devices/settings";
import { onAnnouncement } from "../ui/announcements";
import { Toaster } from "../ui/Toaster";
import { CallProvider } from "./CallProvider";
import type { CallView, Layout } from "./CallContext";
import { CallFrame } from "./CallFrame";
import { joinPeople } from "./callPeople";
import { FakeCall, samplePerson, sampleSnapshot } from "./fakeCall";
import { stubBrowser } from "./stubBrowser";
import { useCallSnapshot } from "./useCallSnapshot";
import { usePinned } from "./usePinned";

const me = sampleParticipant({ id: "me", role: "host", display_name: "Lena Orlova" });
const marta = sampleParticipant({ id: "marta", display_name: "Marta Silva", role: "cohost" });
const actions = { leave: vi.fn(), endForAll: vi.fn<() => Promise<void>>() };
const NO_PIP: CallView["pip"] = {
  kind: "window",
  window: null,
  shown: null,
  video: { current: null },
  toggle: vi.fn(),
};
let call: FakeCall;
let chat: CallView["chat"] = null;

function Held({ own }: { own: Participant }) {
  const snapshot = useCallSnapshot(call);
  const [layout, setLayout] = useState<Layout>("grid");
  const [settings, changeSettings] = useState(DEFAULT_SETTINGS);
  const [panel, setPanel] = useState<CallView["panel"]>(null);
  const state = {
    session: sampleSession({ me: own }),
    participants: new Map([own, marta].map((person) => [person.id, person])),
    loaded: true,
  };
  const view: CallView = {
    call,
    snapshot,
    state,
    me: own,
    people: joinPeople(snapshot, state, own),
    link: "https://nonza.example/session/qmvt-hzke-wrpd/",
    blurOffered: true,
    settings,
    changeSettings,
    layout,
    setLayout,
    ...usePinned(),
    pip: NO_PIP,
    panel,
    setPanel,
    chat,
    talking: false,
    dock: null,
    ...actions,
  };
  return (
    <CallProvider view={view}>
      <CallFrame />
      <Toaster />
    </CallProvider>
  );
}

function show(change: Partial<CallSnapshot> = {}, own = me) {
  call = new FakeCall(change);
  return render(<Held own={own} />);
}
const two = (change = {}) => ({
  people: [samplePerson(change), ...sampleSnapshot().people],
});

beforeEach(() => {
  chat = null;
  stubBrowser();
  actions.leave.mockReset();
  actions.endForAll.mockReset().mockResolvedValue(undefined);
});

describe("the stage", () => {
  it("offers the link while nobody else is here", () => {
    show();
    expect(screen.getByRole("heading", { name: "Nobody else is here yet" })).toBeTruthy();
    expect(screen.getByText("nonza.example/session/qmvt-hzke-wrpd")).toBeTruthy();
  });

  it("shows who is here, by the names that Django knows", () => {
    show(two({ name: "not this one" }));
    expect(screen.queryByText("Nobody else is here yet")).toBeNull();
    expect(screen.getByText("Marta Silva")).toBeTruthy();
    expect(screen.getByText("cohost")).toBeTruthy();
    expect(screen.getByText("You")).toBeTruthy();
  });

  it("attaches pictures, and lets go of them", () => {
    const person = samplePerson();
    const { unmount } = show({ people: [person, ...sampleSnapshot().people] });
    expect(person.camera?.attach).toHaveBeenCalledOnce();
    unmount();
    expect(person.camera?.detach).toHaveBeenCalledOnce();
  });

  it("receives the pictures that are in sight", () => {
    show(two({ sharing: true }));
    expect(call.setInSight).toHaveBeenLastCalledWith({
      cameras: new Set(["marta"]),
      screens: new Set(["marta"]),
    });
  });

  it("says who speaks and who is muted, not by colour alone", () => {
    show(two({ speaking: true }));
    expect(screen.getByText("Speaking")).toBeTruthy();
    act(() => call.change(two({ microphoneOn: false })));
    expect(screen.getByText("microphone off")).toBeTruthy();
  });

  it("pins with two taps and from the tile's key", async () => {
    const { container } = show(two());
    const tile = () => container.querySelector('[data-tile="camera marta"]');
    await userEvent.dblClick(tile()!);
    expect(tile()?.classList).toContain("nz-tile-large");
    await userEvent.click(within(tile() as HTMLElement).getByRole("button", { name: "Unpin" }));
    expect(tile()?.classList).not.toContain("nz-tile-large");
  });

  it("takes two quick presses of a tile's key for presses of that key", async () => {
    const { container } = show(two());
    const more = screen.getByRole("button", { name: "More about Marta Silva" });
    await userEvent.dblClick(more);
    const tile = container.querySelector('[data-tile="camera marta"]');
    expect(tile?.classList).not.toContain("nz-tile-large");
  });

  it("names a shared screen", () => {
    show(two({ sharing: true, shareSound: true }));
    expect(screen.getByText("Marta Silva’s screen")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Turn the screen’s sound off" })).toBeTruthy();
  });
});

describe("the bar", () => {
  it("switches microphone and camera", async () => {
    show();
    await userEvent.click(screen.getByRole("button", { name: "Mute the microphone" }));
    await userEvent.click(screen.getByRole("button", { name: "Turn the camera off" }));
    expect(call.setMicrophone).toHaveBeenCalledWith(false);
    expect(call.setCamera).toHaveBeenCalledWith(false);
  });

  it("leaves at once for who is no host", async () => {
    show({}, { ...me, role: "participant" });
    await userEvent.click(screen.getByRole("button", { name: "Leave" }));
    expect(actions.leave).toHaveBeenCalledOnce();
  });

  it("asks a host again before it ends for all", async () => {
    show(two());
    await userEvent.click(screen.getByRole("button", { name: "Leave" }));
    await userEvent.click(screen.getByRole("menuitem", { name: "End for all" }));
    expect(actions.endForAll).not.toHaveBeenCalled();
    const dialog = screen.getByRole("alertdialog", { hidden: true });
    expect(within(dialog).getByText("End the session for all 2 people?")).toBeTruthy();
    await userEvent.click(within(dialog).getByText("End for all"));
    expect(actions.endForAll).toHaveBeenCalledOnce();
  });

  it("says when the server did not end it", async () => {
    actions.endForAll.mockRejectedValue(new Error("no"));
    show(two());
    await userEvent.click(screen.getByRole("button", { name: "Leave" }));
    await userEvent.click(screen.getByRole("menuitem", { name: "End for all" }));
    await userEvent.click(
      within(screen.getByRole("alertdialog", { hidden: true })).getByText("End for all"),
    );
    const dialog = screen.getByRole("alertdialog", { hidden: true });
    expect(await within(dialog).findByText(/The session was not ended/)).toBeTruthy();
  });
});

describe("the toolbar", () => {
  it("moves by arrows, round its ends", async () => {
    show();
    const first = screen.getByRole("button", { name: "Mute the microphone" });
    first.focus();
    await userEvent.keyboard("{ArrowRight}");
    expect(document.activeElement?.getAttribute("aria-label")).toBe("Microphone and speaker");
    await userEvent.keyboard("{ArrowLeft}{ArrowLeft}");
    expect(document.activeElement?.textContent).toBe("Leave");
    await userEvent.keyboard("{ArrowRight}");
    expect(document.activeElement).toBe(first);
  });
});

describe("the keys", () => {
  it("switch, open and close", async () => {
    show(two());
    await userEvent.keyboard("m");
    expect(call.setMicrophone).toHaveBeenCalledWith(false);
    await userEvent.keyboard("v");
    expect(call.setCamera).toHaveBeenCalledWith(false);
    await userEvent.keyboard("p");
    expect(document.activeElement).toBe(screen.getByRole("heading", { name: "People" }));
    await userEvent.keyboard("{Escape}");
    expect(screen.queryByRole("heading", { name: "People" })).toBeNull();
    await userEvent.keyboard("?");
    expect(screen.getByText("Keyboard shortcuts")).toBeTruthy();
  });

  it("walk with F6 from the stage to the bar and back", async () => {
    show(two());
    await userEvent.keyboard("{F6}");
    expect(document.activeElement?.closest(".nz-call-main")).not.toBeNull();
    await userEvent.keyboard("{F6}");
    expect(document.activeElement?.closest(".nz-control-bar")).not.toBeNull();
    await userEvent.keyboard("{Shift>}{F6}{/Shift}");
    expect(document.activeElement?.closest(".nz-control-bar")).toBeNull();
  });
});

it("walks past controls that this width hides", async () => {
  show(two());
  const hidden = screen.getByRole("button", { name: "Copy the link" });
  hidden.focus = () => undefined;
  await userEvent.keyboard("{F6}{F6}");
  expect(document.activeElement?.getAttribute("aria-label")).toBe("Mute the microphone");
});

describe("the people panel", () => {
  it("gives the focus to its key where a shortcut has opened it", async () => {
    show(two());
    act(() => (document.activeElement as HTMLElement | null)?.blur());
    await userEvent.keyboard("p");
    const panel = screen.getByRole("complementary", { name: "People" });
    await waitFor(() => expect(panel.contains(document.activeElement)).toBe(true));
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(document.activeElement?.id).toBe("people-key"));
  });

  it("on a phone gives the focus back to its key, which was away meanwhile", async () => {
    stubBrowser(true);
    show(two());
    const key = () => document.getElementById("people-key");
    await userEvent.click(key()!);
    expect(key()).toBeNull();
    const panel = screen.getByRole("complementary", { name: "People" });
    await userEvent.click(within(panel).getByRole("button", { name: "Close" }));
    expect(document.activeElement).toBe(key());
  });

  it("says that somebody is pinned, also when it was done here", async () => {
    show(two());
    await userEvent.keyboard("p");
    const panel = screen.getByRole("complementary", { name: "People" });
    await userEvent.click(within(panel).getByRole("button", { name: "More about Marta Silva" }));
    const said = vi.fn<(urgency: string, words: string) => void>();
    onAnnouncement(said);
    await userEvent.click(screen.getByRole("menuitem", { name: "Pin" }));
    await vi.waitFor(
      () => expect(said.mock.calls.flat().join()).toContain("Marta Silva: pinned"),
      8_000,
    );
  });

  it("changes how loud somebody is, for oneself", async () => {
    show(two());
    await userEvent.keyboard("p");
    const panel = screen.getByRole("complementary", { name: "People" });
    await userEvent.click(within(panel).getByRole("button", { name: "More about Marta Silva" }));
    await userEvent.click(screen.getByRole("menuitem", { name: "Mute for me" }));
    expect(call.volumes.get("marta")).toEqual({ volume: 1, muted: true });
    expect(within(panel).getByText("Muted for you")).toBeTruthy();
  });
});

describe("the strip", () => {
  it("says that it reconnects, and dims the others", async () => {
    const { container } = show(two());
    act(() => call.change({ phase: "reconnecting" }));
    expect(await screen.findByText("Reconnecting…")).toBeTruthy();
    expect(container.querySelector('[data-tile="camera marta"]')).toHaveProperty(
      "dataset.frozen",
      "",
    );
    act(() => call.change({ phase: "connected" }));
    expect(screen.queryByText("Reconnecting…")).toBeNull();
  });

  it("counts down while calls are down, and tries at once when told to", async () => {
    show({ phase: "unavailable", retryAt: Date.now() + 9_500 });
    expect(screen.getByText("Trying again in 10 seconds.")).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(call.retryNow).toHaveBeenCalledOnce();
  });

  it("lets everyone be heard", async () => {
    show({ ...two(), soundHeld: true });
    await userEvent.click(await screen.findByRole("button", { name: "Hear everyone" }));
    expect(call.hearEveryone).toHaveBeenCalledOnce();
  });
});

it("says why a device did not open", async () => {
  show();
  act(() => call.change({ camera: { on: false, trouble: "busy" } }));
  expect(await screen.findByText(/Another program is using your camera/)).toBeTruthy();
});

it("has nothing that axe would mend, alone, together, and with the panel open", async () => {
  const { container } = show(two({ sharing: true, shareSound: true, weak: true }));
  await userEvent.keyboard("p");
  const options = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] };
  const { violations } = await axe.run(container, options);
  expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
});

describe("the chat", () => {
  const setOpen = vi.fn();
  const fakeChat = (unread: number) => {
    const source = new FakeSource({ me: { participant_id: "me" } });
    const session = { source, setOpen } as unknown as SessionChat;
    return { session, unread, retry: vi.fn() };
  };

  it("is not there where nobody can write", async () => {
    show();
    expect(screen.queryByRole("button", { name: "Chat" })).toBeNull();
    await userEvent.keyboard("t");
    expect(screen.queryByRole("complementary")).toBeNull();
  });

  it("says how much is unread, and not while it is open", async () => {
    chat = fakeChat(3);
    show();
    const key = screen.getByRole("button", { name: "Chat, 3 unread messages" });
    expect(within(key).getByText("3")).toBeTruthy();
    await userEvent.click(key);
    expect(screen.getByRole("button", { name: "Chat" }).getAttribute("aria-expanded")).toBe("true");
  });

  it("opens by T with the focus where one writes, and gives it back with Escape", async () => {
    chat = fakeChat(0);
    show();
    const key = screen.getByRole("button", { name: "Chat" });
    key.focus();
    await userEvent.keyboard("t");
    const field = await screen.findByRole("textbox", {}, { timeout: 20_000 });
    await vi.waitFor(() => expect(document.activeElement).toBe(field));
    expect(setOpen).toHaveBeenLastCalledWith(true);
    await userEvent.keyboard("{Escape}");
    expect(screen.queryByRole("complementary")).toBeNull();
    expect(document.activeElement).toBe(key);
    expect(setOpen).toHaveBeenLastCalledWith(false);
  });

  it("takes the place of the people, and axe finds nothing in it", async () => {
    chat = fakeChat(0);
    const { container } = show();
    await userEvent.keyboard("p");
    await userEvent.keyboard("t");
    await screen.findByRole("textbox", {}, { timeout: 20_000 });
    expect(screen.getAllByRole("complementary")).toHaveLength(1);
    const { violations } = await axe.run(container, {
      rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
    });
    expect(violations).toEqual([]);
  });

  it("stands in the list of keys", async () => {
    chat = fakeChat(0);
    show();
    await userEvent.keyboard("?");
    expect(screen.getByText("Chat", { selector: "dt" })).toBeTruthy();
  });
});
