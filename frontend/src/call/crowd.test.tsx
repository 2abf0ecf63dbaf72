import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeEach, expect, it, vi } from "vitest";
import { sampleParticipant, sampleSession } from "../api/samples";
import type { InSight, MediaPerson } from "../livekit/types";
import { DEFAULT_SETTINGS } from "../sessions/devices/settings";
import { Avatar } from "../ui/Avatar";
import type { CallView } from "./CallContext";
import { CallFrame } from "./CallFrame";
import { joinPeople } from "./callPeople";
import { CallProvider } from "./CallProvider";
import { FakeCall, samplePerson, sampleSnapshot } from "./fakeCall";
import { stubBrowser } from "./stubBrowser";
import { useCallSnapshot } from "./useCallSnapshot";
import { usePinned } from "./usePinned";

// Every tile and every row draws one: so many have been drawn.
vi.mock("../ui/Avatar", async (original) => {
  const { Avatar: Real } = await original<{ Avatar: typeof Avatar }>();
  return { Avatar: vi.fn(Real) };
});
const drawn = () => vi.mocked(Avatar).mock.calls.map(([{ name }]) => name);

const own = sampleParticipant({ id: "me", role: "host", display_name: "Lena Orlova" });
const participants = new Map(
  Array.from({ length: 199 }, (_, number) => {
    const id = `p${number}`;
    const created_at = new Date(number * 1000).toISOString();
    return [id, sampleParticipant({ id, display_name: `Person ${number}`, created_at })];
  }),
);
const state = { session: sampleSession({ me: own }), participants, loaded: true };
const others = (change: (number: number) => Partial<MediaPerson> = () => ({})) =>
  Array.from({ length: 199 }, (_, number) =>
    samplePerson({ id: `p${number}`, camera: null, joinedAt: number, ...change(number) }),
  );
const [me] = sampleSnapshot().people as [MediaPerson];
let call: FakeCall;

function Held() {
  const snapshot = useCallSnapshot(call);
  const [settings, changeSettings] = useState(DEFAULT_SETTINGS);
  const [panel, setPanel] = useState<CallView["panel"]>(null);
  const view: CallView = {
    call,
    snapshot,
    state,
    me: own,
    people: joinPeople(snapshot, state, own),
    link: "https://nonza.example/session/qmvt-hzke-wrpd/",
    settings,
    changeSettings,
    layout: "grid",
    setLayout: vi.fn(),
    pip: { kind: "none", window: null, shown: null, video: { current: null }, toggle: vi.fn() },
    blurOffered: false,
    panel,
    setPanel,
    chat: null,
    talking: false,
    dock: null,
    ...usePinned(),
    leave: vi.fn(),
    endForAll: vi.fn<() => Promise<void>>(),
  };
  return (
    <CallProvider view={view}>
      <CallFrame />
    </CallProvider>
  );
}

beforeEach(() => {
  stubBrowser();
  call = new FakeCall({ people: [...others(), me] });
});

const tiles = (container: HTMLElement) => container.querySelectorAll("figure").length;
const rows = (container: HTMLElement) => container.querySelectorAll("li[data-person]").length;
const openPeople = async () => {
  await userEvent.click(screen.getByRole("button", { name: "People, 200" }));
};

it("draws a page of 200 people, and receives only its pictures", () => {
  const { container } = render(<Held />);
  expect(tiles(container)).toBe(25);
  const [inSight] = call.setInSight.mock.lastCall as [InSight];
  expect(inSight.cameras.size).toBe(24);
});

it("draws only the rows in sight, and says how many there are", async () => {
  const { container } = render(<Held />);
  await openPeople();
  expect(rows(container)).toBeLessThan(50);
  const [first] = screen.getAllByRole("listitem");
  expect(first?.getAttribute("aria-setsize")).toBe("200");
  expect(first?.getAttribute("aria-posinset")).toBe("1");
});

it("draws nobody anew but who changed", async () => {
  render(<Held />);
  await openPeople();
  const before = call.snapshot.people;
  vi.mocked(Avatar).mockClear();
  const people = before.map((person) =>
    person.id === "p3" ? { ...person, microphoneOn: false } : person,
  );
  act(() => call.change({ people }));
  // One tile and one row, and oneself, whose devices may have changed.
  expect(new Set(drawn())).toEqual(new Set(["Person 3", "Lena Orlova"]));
  vi.mocked(Avatar).mockClear();
  const far = people.map((person) => (person.id === "p150" ? { ...person, weak: true } : person));
  act(() => call.change({ people: far }));
  expect(drawn().filter((name) => name !== "Lena Orlova")).toEqual([]);
});

it("finds a person by name", async () => {
  const { container } = render(<Held />);
  await openPeople();
  await userEvent.type(screen.getByRole("searchbox", { name: "Find a person" }), "person 17");
  expect(rows(container)).toBe(12);
  expect(screen.getByText("12 people found")).toBeTruthy();
  await userEvent.type(screen.getByRole("searchbox"), "xyz");
  expect(screen.getByText("Nobody in the call has this name.")).toBeTruthy();
  await userEvent.keyboard("{Escape}");
  expect(screen.getByRole("heading", { name: "People" })).toBeTruthy();
  expect(rows(container)).toBeGreaterThan(20);
});
