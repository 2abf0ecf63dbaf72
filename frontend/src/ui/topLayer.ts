/** Puts an element above everything, over dialogs too, where the browser can. */
import { placeBeside, type Alignment, type Placement } from "./place";

export function raise(floating: HTMLElement): void {
  if (typeof floating.showPopover !== "function" || floating.matches(":popover-open")) return;
  floating.setAttribute("popover", "manual");
  floating.showPopover();
}

export function lower(floating: HTMLElement): void {
  if (typeof floating.hidePopover !== "function") return;
  if (floating.matches(":popover-open")) floating.hidePopover();
}

export function place(
  floating: HTMLElement,
  anchor: Element,
  side: Placement,
  align: Alignment,
): void {
  const at = placeBeside(
    anchor.getBoundingClientRect(),
    { width: floating.offsetWidth, height: floating.offsetHeight },
    { width: document.documentElement.clientWidth, height: window.innerHeight },
    side,
    align,
  );
  floating.dataset.placed = "";
  floating.style.left = `${at.left}px`;
  floating.style.top = `${at.top}px`;
}
