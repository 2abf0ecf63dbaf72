import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import { Menu } from "./Menu";

const copy = vi.fn();
const remove = vi.fn();

function show() {
  render(
    <>
      <Menu
        label="More"
        entries={[
          { label: "Copy the link", onChoose: copy },
          { label: "Settings", disabled: true, onChoose: vi.fn() },
          { kind: "rule" },
          { kind: "check", label: "Mirror", checked: true, onChoose: vi.fn() },
          { label: "Remove", danger: true, onChoose: remove },
        ]}
        trigger={(props) => <button {...props}>Open</button>}
      />
      <button>Elsewhere</button>
    </>,
  );
  return userEvent.click(screen.getByText("Open"));
}

const focused = () => document.activeElement?.textContent;

test("it opens on its first entry and arrows go round", async () => {
  await show();
  expect(focused()).toBe("Copy the link");
  await userEvent.keyboard("{ArrowDown}{ArrowDown}");
  expect(focused()).toBe("Mirror");
  await userEvent.keyboard("{End}");
  expect(focused()).toBe("Remove");
  await userEvent.keyboard("{ArrowDown}");
  expect(focused()).toBe("Copy the link");
  await userEvent.keyboard("{ArrowUp}");
  expect(focused()).toBe("Remove");
});

test("the first letters of a word lead to it", async () => {
  await show();
  await userEvent.keyboard("re");
  expect(focused()).toBe("Remove");
});

test("Escape closes and gives the focus back", async () => {
  await show();
  await userEvent.keyboard("{Escape}");
  expect(screen.queryByRole("menu")).toBeNull();
  expect(focused()).toBe("Open");
});

test("choosing closes, a disabled entry does not", async () => {
  await show();
  await userEvent.click(screen.getByRole("menuitem", { name: "Settings" }));
  expect(screen.getByRole("menu", { name: "More" })).toBeTruthy();
  await userEvent.click(screen.getByRole("menuitem", { name: "Remove" }));
  expect(remove).toHaveBeenCalledOnce();
  expect(screen.queryByRole("menu")).toBeNull();
  expect(focused()).toBe("Open");
});

test("a press elsewhere closes", async () => {
  await show();
  await userEvent.click(screen.getByText("Elsewhere"));
  expect(screen.queryByRole("menu")).toBeNull();
});

test("entries say what they are", async () => {
  await show();
  const mirror = screen.getByRole("menuitemcheckbox", { name: "Mirror" });
  expect(mirror.getAttribute("aria-checked")).toBe("true");
});
