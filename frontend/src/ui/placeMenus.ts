/** Puts the menus of server-made pages beside the button that opened them. */
import { placeBeside } from "./place";

export function placeMenus(page: Document): void {
  // Toggle events do not bubble, but they are seen on the way down.
  page.addEventListener(
    "toggle",
    (event) => {
      const menu = event.target;
      if (menu instanceof HTMLElement && menu.matches(".nz-confirm")) {
        if (event.newState === "closed") giveBackFocus(page, menu);
        return;
      }
      if (!(menu instanceof HTMLElement) || !menu.matches(".nz-menu[popover]")) return;
      if (event.newState === "open") place(page, menu);
      else delete menu.dataset.placed;
    },
    true,
  );
  // What a menu offers is done once it is pressed; but a question that it opens would close with it.
  page.addEventListener("click", (event) => {
    const item =
      event.target instanceof Element
        ? event.target.closest(".nz-menu-item:not([popovertarget])")
        : null;
    const menu = item?.closest<HTMLElement>(".nz-menu[popover]");
    if (menu?.matches(":popover-open")) setTimeout(() => menu.hidePopover());
  });
}

function place(page: Document, menu: HTMLElement): void {
  const opener = page.querySelector<HTMLElement>(`[popovertarget="${menu.id}"]`);
  if (!opener) return;
  menu.dataset.placed = "";
  const align = opener.matches(".nz-switcher") ? "start" : "end";
  const size = { width: menu.offsetWidth, height: menu.offsetHeight };
  const view = { width: page.documentElement.clientWidth, height: window.innerHeight };
  const { left, top } = placeBeside(opener.getBoundingClientRect(), size, view, "below", align);
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}

/** A question that was asked from a menu leads back to what opened the menu: the menu is done with. */
function giveBackFocus(page: Document, question: HTMLElement): void {
  const { activeElement, body } = page;
  if (activeElement !== body && !question.contains(activeElement)) return;
  const item = page.querySelector<HTMLElement>(
    `[popovertarget="${question.id}"]:not([popovertargetaction])`,
  );
  const menu = item?.closest<HTMLElement>(".nz-menu[popover]");
  if (menu?.matches(":popover-open")) menu.hidePopover();
  const opener = menu ? page.querySelector<HTMLElement>(`[popovertarget="${menu.id}"]`) : item;
  opener?.focus();
}
