import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import { Button } from "./Button";

test("a busy button keeps both words in their place, says one, and cannot be pressed", async () => {
  const press = vi.fn();
  const { rerender } = render(
    <Button busyWords="Joining" onClick={press}>
      Join
    </Button>,
  );
  await userEvent.click(screen.getByRole("button", { name: "Join" }));
  rerender(
    <Button busy busyWords="Joining" onClick={press}>
      Join
    </Button>,
  );
  const button = screen.getByRole("button", { name: "Joining" });
  expect(button.textContent).toBe("JoinJoining");
  expect(document.activeElement).toBe(button);
  await userEvent.click(button);
  expect(press).toHaveBeenCalledOnce();
});
