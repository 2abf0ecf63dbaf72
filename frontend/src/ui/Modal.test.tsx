import { act, fireEvent, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";

import { announce } from "./announcements";
import { Modal } from "./Modal";

function Page({ question = false }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button onClick={() => setOpen(true)}>Open</button>
      {open && (
        <Modal title="A dialog" question={question} onClose={() => setOpen(false)}>
          <input aria-label="Inside" />
        </Modal>
      )}
    </>
  );
}

async function open(question = false) {
  render(<Page question={question} />);
  await userEvent.click(screen.getByText("Open"));
  return screen.getByRole(question ? "alertdialog" : "dialog", { name: "A dialog" });
}

test("what is announced meanwhile is said inside of it", async () => {
  const dialog = await open();
  act(() => announce("Marta left.", "assertive"));
  expect(within(dialog).getByText("Marta left.").closest("[aria-live]")).not.toBeNull();
});

test("it takes the focus in and gives it back", async () => {
  const dialog = await open();
  expect(dialog.contains(document.activeElement)).toBe(true);
  await userEvent.click(screen.getByRole("button", { name: "Close" }));
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(document.activeElement?.textContent).toBe("Open");
});

test("Escape closes it by its own way", async () => {
  const dialog = await open();
  // What browsers send for Escape.
  const event = new Event("cancel", { cancelable: true });
  fireEvent(dialog, event);
  expect(event.defaultPrevented).toBe(true);
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("a press beside it closes a dialog, but not a question", async () => {
  await userEvent.click(await open());
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("a question stays until it is answered", async () => {
  await userEvent.click(await open(true));
  expect(screen.getByRole("alertdialog")).toBeTruthy();
});
