import axe from "axe-core";
import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { sampleParticipant, sampleSession } from "../../api/samples";
import type { Flow } from "../../livekit/types";
import { DEFAULT_SETTINGS } from "../../sessions/devices/settings";
import type { CallView } from "../CallContext";
import { CallProvider } from "../CallProvider";
import { FakeCall, sampleReport } from "../fakeCall";
import { ratesBetween } from "./rates";
import ReportDialog from "./ReportDialog";

const flow = (change: Partial<Flow> = {}): Flow => ({
  key: "TR_1",
  source: "camera",
  muted: false,
  codec: "VP8",
  bytes: 100_000,
  packets: 100,
  lost: 0,
  jitter: 4,
  width: 1280,
  height: 720,
  framesPerSecond: 24,
  limitedBy: "none",
  ...change,
});
const START = Date.parse("2026-03-01T10:00:00Z");
let call: FakeCall;

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  call = new FakeCall();
  const report = sampleReport({
    received: [flow()],
    interruptions: [{ from: START, until: START + 15_300 }],
  });
  call.readReport.mockImplementation(() => Promise.resolve({ ...report, at: Date.now() }));
});
afterEach(() => vi.useRealTimers());

async function show() {
  const me = sampleParticipant();
  const view = {
    call,
    snapshot: call.snapshot,
    state: { session: sampleSession(), participants: new Map(), loaded: true },
    me,
    people: [],
    settings: DEFAULT_SETTINGS,
    pinned: [],
  } as unknown as CallView;
  const shown = render(
    <CallProvider view={view}>
      <ReportDialog onClose={vi.fn()} />
    </CallProvider>,
  );
  await act(() => vi.advanceTimersByTimeAsync(0));
  return shown;
}

it("shows how things are in words, and goes on with it while it is open", async () => {
  const { unmount, container } = await show();
  expect(screen.getByText("direct, through a router (srflx, udp)")).toBeTruthy();
  expect(screen.getByText("15 seconds")).toBeTruthy();
  expect(screen.getByText(/^VP8 · 1280 × 720 · 24 pictures\/s · loss 0 %/)).toBeTruthy();
  call.readReport.mockResolvedValue(
    sampleReport({ at: Date.now() + 2_000, received: [flow({ bytes: 350_000, lost: 100 })] }),
  );
  await act(() => vi.advanceTimersByTimeAsync(2_000));
  expect(screen.getByText(/kbit\/s · loss 100 %/)).toBeTruthy();
  vi.useRealTimers();
  const { violations } = await axe.run(container, {
    rules: { "color-contrast": { enabled: false } },
  });
  expect(violations.map(({ id }) => id)).toEqual([]);
  const asked = call.readReport.mock.calls.length;
  unmount();
  vi.useFakeTimers();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(call.readReport.mock.calls.length).toBe(asked);
});

it("is copied as plain text without the code of the session", async () => {
  const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
  const write = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
  await show();
  await user.click(screen.getByRole("button", { name: "Copy the report" }));
  expect(await screen.findByRole("button", { name: "Report copied" })).toBeTruthy();
  const text = write.mock.lastCall?.[0] ?? "";
  expect(text).toContain("LiveKit: server 1.13.5, client 2.23.0");
  expect(text).toContain("way: srflx, udp; round trip 24 ms; may send 2400 kbit/s");
  expect(text).toContain("camera: VP8, 1280x720, 24 fps, loss 0 %, jitter 4 ms");
  expect(text).toContain("2026-03-01T10:00:00.000Z, 15.3 s");
  expect(text).not.toContain(sampleSession().slug);
});

it("is shown to be copied by hand where the browser does not let it be copied", async () => {
  const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
  vi.spyOn(navigator.clipboard, "writeText").mockRejectedValue(new Error("NotAllowedError"));
  await show();
  await user.click(screen.getByRole("button", { name: "Copy the report" }));
  expect(await screen.findByText(/^Nonza connection report/)).toBeTruthy();
});

it("counts what went through since the report before", () => {
  const before = sampleReport({ at: 1_000, sent: [flow({ packets: 100, lost: 10 })] });
  const now = sampleReport({
    at: 3_000,
    sent: [flow({ bytes: 350_000, packets: 190, lost: 20 })],
    received: [flow({ key: "TR_new" })],
  });
  const rates = ratesBetween(before, now);
  expect(rates.get("TR_1")).toEqual({ rate: 1_000, loss: 10 });
  expect(rates.get("TR_new")).toEqual({ rate: null, loss: 0 });
  // Another connection counts from nothing again.
  const anew = sampleReport({ at: 5_000, sent: [flow({ bytes: 10, packets: 5, lost: 0 })] });
  expect(ratesBetween(now, anew).get("TR_1")).toEqual({ rate: null, loss: 0 });
});
