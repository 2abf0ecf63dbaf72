import { render, screen, within } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";

import { ProblemError } from "../../api/problem";
import { getStatistics } from "../../api/sessions";
import type { PersonStatistics, Statistics } from "../../api/types";
import HowItWent from "./HowItWent";
import StatisticsDialog from "./StatisticsDialog";

vi.mock("../../api/sessions", () => ({ getStatistics: vi.fn() }));

const NOON = "2026-01-01T12:00:00Z";

function person(name: string, change: Partial<PersonStatistics> = {}): PersonStatistics {
  return {
    id: name,
    display_name: name,
    kind: "guest",
    role: "participant",
    color: 4,
    first_joined_at: NOON,
    last_left_at: NOON,
    joins: 1,
    rejoins: 0,
    reconnections: 0,
    in_call_seconds: 1800,
    screen_share_seconds: 0,
    spoken_seconds: 0,
    speaking_share: 0,
    ...change,
  };
}

function statistics(change: Partial<Statistics> = {}): Statistics {
  const participants = [
    person("Dana", { spoken_seconds: 60, speaking_share: 0.25 }),
    person("Marta", { spoken_seconds: 180, speaking_share: 0.75, in_call_seconds: 2820 }),
  ];
  return {
    started_at: NOON,
    ended_at: NOON,
    seconds: 2820,
    people: 2,
    users: 0,
    guests: 2,
    peak: 2,
    joins: 2,
    rejoins: 0,
    reconnections: 0,
    in_call_seconds: 4620,
    screen_share_seconds: 0,
    spoken_seconds: 240,
    participants,
    others: { people: 0, in_call_seconds: 0, screen_share_seconds: 0, spoken_seconds: 0 },
    complete: true,
    extra: {},
    ...change,
  };
}

beforeEach(() => {
  vi.mocked(getStatistics).mockResolvedValue(statistics());
});

test("hosts read how long it was, and who spoke how much", async () => {
  render(<HowItWent slug="abc" />);
  const section = await screen.findByRole("region", { name: "How it went" });
  expect(
    within(section)
      .getAllByRole("term")
      .map((term) => term.textContent),
  ).toEqual(["Length", "People"]);
  expect(within(section).getAllByRole("definition")[0]?.textContent).toBe("47 min");
  const people = within(section).getAllByRole("listitem");
  expect(people.map((one) => one.textContent)).toEqual([
    expect.stringMatching(/Marta47 min in the callShare of what was said: 75%$/),
    expect.stringMatching(/Dana30 min in the callShare of what was said: 25%$/),
  ]);
});

test("figures that say something are shown", async () => {
  vi.mocked(getStatistics).mockResolvedValue(
    statistics({ people: 5, peak: 3, screen_share_seconds: 300, reconnections: 2 }),
  );
  render(<HowItWent slug="abc" />);
  const terms = await screen.findAllByRole("term");
  expect(terms.map((term) => term.textContent)).toEqual([
    "Length",
    "People",
    "At most at once",
    "Screen shared",
    "Came back after a loss",
  ]);
});

test("those who are not listed are counted", async () => {
  const many = Array.from({ length: 12 }, (_, number) => person(`Guest ${number}`));
  const others = { ...statistics().others, people: 3 };
  vi.mocked(getStatistics).mockResolvedValue(
    statistics({ people: 15, participants: many, others }),
  );
  render(<HowItWent slug="abc" />);
  expect(await screen.findByText("And 7 more people.")).toBeDefined();
  expect(screen.getAllByRole("listitem")).toHaveLength(8);
});

test.each([
  ["nobody came", () => Promise.resolve(statistics({ people: 0, participants: [] }))],
  [
    "it cannot be loaded",
    () => Promise.reject(new ProblemError({ code: "x", status: 500, title: "" })),
  ],
])("where %s, the end page stays as it is", async (_, answer) => {
  vi.mocked(getStatistics).mockImplementation(answer);
  const { container } = render(<HowItWent slug="abc" />);
  await vi.waitFor(() => expect(getStatistics).toHaveBeenCalled());
  expect(container.childElementCount).toBe(0);
});

test("in the call they are loaded again and again, and failing is said once", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  try {
    const { unmount } = render(<StatisticsDialog slug="abc" onClose={() => undefined} />);
    expect(await screen.findByText("Marta")).toBeDefined();
    vi.mocked(getStatistics).mockRejectedValue(new Error("away"));
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await screen.findByText(/did not load/)).toBeDefined();
    expect(screen.getByText("Marta")).toBeDefined();
    const asked = vi.mocked(getStatistics).mock.calls.length;
    unmount();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(getStatistics).toHaveBeenCalledTimes(asked);
  } finally {
    vi.useRealTimers();
  }
});

test("what was written is counted where something was", async () => {
  vi.mocked(getStatistics).mockResolvedValue(statistics({ extra: { messages: 12 } }));
  render(<HowItWent slug="abc" />);
  const section = await screen.findByRole("region", { name: "How it went" });
  expect(within(section).getByText("Messages").nextSibling?.textContent).toBe("12");
});
