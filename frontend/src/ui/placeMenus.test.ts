import { beforeEach, expect, test, vi } from "vitest";

import { placeMenus } from "./placeMenus";

placeMenus(document);

beforeEach(() => {
  document.body.innerHTML = `
    <button id="more" popovertarget="menu">More</button>
    <div class="nz-menu" popover id="menu">
      <button class="nz-menu-item" popovertarget="question">Remove</button>
    </div>
    <div class="nz-confirm" popover id="question">
      <button id="cancel" popovertarget="question" popovertargetaction="hide">Cancel</button>
    </div>
    <button id="other">Other</button>`;
  const menu = document.getElementById("menu")!;
  menu.matches = (selector) => selector === ":popover-open";
  menu.hidePopover = vi.fn();
});

function closeQuestion(focused: string): string | undefined {
  document.getElementById(focused)!.focus();
  const closed = Object.assign(new Event("toggle"), { newState: "closed" });
  document.getElementById("question")!.dispatchEvent(closed);
  return document.activeElement?.id;
}

test("a question that was asked from a menu leads back to what opened the menu", () => {
  expect(closeQuestion("cancel")).toBe("more");
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is a mock
  expect(document.getElementById("menu")!.hidePopover).toHaveBeenCalledOnce();
});

test("who has gone on elsewhere stays there", () => {
  expect(closeQuestion("other")).toBe("other");
});
