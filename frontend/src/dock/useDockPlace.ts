/** Fits the dock into the page: what it covers cannot be reached, and the focus goes where one looks. */
import { useEffect, useRef } from "react";

import type { DockState } from "./types";

/** Narrower than this the large call covers the sidebar, too. */
const COVERS_ALL = "(max-width: 63.99rem)";

export function useDockPlace({ step, expanded, page }: DockState): void {
  const shown = step.at === "none" ? null : expanded ? "large" : "bar";
  useEffect(() => {
    const { dataset } = document.documentElement;
    if (shown) dataset.dock = shown;
    else delete dataset.dock;
  }, [shown]);

  // The page beside it may be another element after each step through the space.
  useEffect(() => {
    const covers = matchMedia(COVERS_ALL);
    const cover = () => {
      setInert("main", shown === "large");
      setInert("sidebar", shown === "large" && covers.matches);
    };
    cover();
    covers.addEventListener("change", cover);
    return () => covers.removeEventListener("change", cover);
  }, [shown, page]);

  const before = useRef({ shown, page });
  useEffect(() => {
    const last = before.current;
    before.current = { shown, page };
    if (last.shown === shown) return;
    if (shown === "large") focus("#call, .nz-end h1");
    // Who opened another page has the focus there.
    else if (last.page === page) focus(shown === "bar" ? "#call-bar-open" : "#main h1, #main");
  }, [shown, page]);
}

function setInert(id: string, inert: boolean): void {
  const element = document.getElementById(id);
  if (element) element.inert = inert;
}

function focus(selector: string): void {
  const element = document.querySelector<HTMLElement>(selector);
  if (!element) return;
  if (element.tabIndex < 0 && !element.hasAttribute("tabindex")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
}
