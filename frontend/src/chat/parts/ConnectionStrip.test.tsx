import { act, render, screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { onAnnouncement } from "../../ui/announcements";
import { ConnectionStrip } from "./ConnectionStrip";

test("being offline is told at once, before any socket notices, and taken back", async () => {
  const said: string[] = [];
  const off = onAnnouncement((_urgency, words) => said.push(words));
  const network = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  render(<ConnectionStrip reconnecting={false} unavailable={false} />);
  expect(screen.getByText(/^You are offline/)).toBeTruthy();
  await waitFor(() => expect(said.join()).toMatch(/^You are offline/));
  network.mockReturnValue(true);
  act(() => void window.dispatchEvent(new Event("online")));
  expect(screen.queryByText(/^You are offline/)).toBeNull();
  off();
  network.mockRestore();
});

test("one strip says what keeps messages away, and nothing stands while all is well", () => {
  const { rerender, container } = render(
    <ConnectionStrip reconnecting={false} unavailable={false} />,
  );
  expect(container.textContent).toBe("");
  rerender(<ConnectionStrip reconnecting unavailable={false} />);
  expect(screen.getByText(/^Reconnecting/)).toBeTruthy();
  rerender(<ConnectionStrip reconnecting unavailable />);
  expect(container.textContent).toMatch(/not available now/);
});
