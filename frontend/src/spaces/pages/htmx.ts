/** Lets the pages of a space change in place: htmx fetches whole pages and swaps sidebar and pane. */
import htmx from "htmx.org";

import { startForms } from "./forms";
import { showToast, takeToasts, toastPlace } from "./toasts";

type SwapDetail = {
  xhr: XMLHttpRequest;
  boosted?: boolean;
  shouldSwap: boolean;
  isError: boolean;
  requestConfig?: { verb: string };
};

const TIMEOUT = 20_000;
/** Where focus was when the request left: a form that is answered in place keeps it there. */
let focused = "";

/** `onSwap` is called whenever there is something new on the page. */
export function startHtmx(csrfCookie: string, onSwap: () => void): void {
  Object.assign(htmx.config, {
    // The content security policy forbids all three; of styles, the last is what it would copy.
    allowEval: false,
    includeIndicatorStyles: false,
    attributesToSettle: ["class", "width", "height"],
    // Pages are not to be kept: going back asks the server again.
    historyCacheSize: 0,
    scrollIntoViewOnBoost: false,
    timeout: TIMEOUT,
  });
  startForms(document, () => readCookie(csrfCookie));
  const body = document.body;
  body.addEventListener("htmx:configRequest", (event) => {
    const { headers, verb } = (event as CustomEvent<{ headers: Headings; verb: string }>).detail;
    if (verb !== "get") headers["X-CSRFToken"] = readCookie(csrfCookie);
    focused = document.activeElement?.id ?? "";
  });
  body.addEventListener("htmx:beforeSwap", (event) => {
    decideSwap((event as CustomEvent<SwapDetail>).detail);
  });
  body.addEventListener("htmx:afterSettle", (event) => {
    const { boosted, requestConfig } = (event as CustomEvent<SwapDetail>).detail;
    if (boosted) arrive(requestConfig?.verb === "post");
    onSwap();
  });
  body.addEventListener("htmx:historyRestore", () => {
    arrive(false);
    onSwap();
  });
  body.addEventListener("htmx:historyCacheMiss", (event) => {
    guardBack((event as CustomEvent<{ xhr: XMLHttpRequest }>).detail.xhr);
  });
  for (const name of ["htmx:responseError", "htmx:swapError"]) {
    body.addEventListener(name, () => showToast(toastPlace()?.dataset.failed));
  }
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    body.addEventListener(name, () => showToast(toastPlace()?.dataset.offline));
  }
}

/** Lets a part of the page that came in another way do what htmx promises of it. */
export function enliven(element: Element): void {
  htmx.process(element);
}

const LEADING_LINK = "leading-link";

/** Opens another page of the space in place, as a press on a link does. */
export function openPage(address: string): void {
  document.getElementById(LEADING_LINK)?.remove();
  const link = document.createElement("a");
  link.id = LEADING_LINK;
  link.href = address;
  link.hidden = true;
  // It stays: only where it stands htmx reads, when the answer comes, what is to be swapped.
  document.getElementById("pane")?.append(link);
  htmx.process(link);
  link.click();
}

type Headings = Record<string, string>;

/** A refusal with a page of ours is shown as one; a page outside of the shell is loaded as a whole. */
export function decideSwap(detail: SwapDetail): void {
  if (!detail.boosted) return;
  const { status, responseURL, responseText } = detail.xhr;
  if (status < 400 && responseText.includes('id="sidebar"')) return;
  if (status >= 400) {
    if (!responseText.includes('id="main"')) return;
    detail.shouldSwap = true;
    detail.isError = false;
    return;
  }
  detail.shouldSwap = false;
  if (isInCall()) showToast(toastPlace()?.dataset.outside);
  else location.assign(responseURL);
}

/** Going back leads to pages of the space alone: any other would be drawn inside of this one, or end a call. */
export function guardBack(xhr: XMLHttpRequest): void {
  const show = xhr.onload;
  xhr.onload = (loaded) => {
    if (xhr.status < 400 && xhr.responseText.includes('id="sidebar"')) {
      show?.call(xhr, loaded);
    } else if (isInCall()) {
      const { failed, outside } = toastPlace()?.dataset ?? {};
      showToast(xhr.status < 400 ? outside : failed);
      openPage(`/spaces/${document.body.dataset.space ?? ""}/`);
    } else location.reload();
  };
  xhr.onerror = () => showToast(toastPlace()?.dataset.offline);
}

/** Leaving the page would end a call that goes on in the dock. */
function isInCall(): boolean {
  return document.getElementById("call-dock")?.hasAttribute("data-call") ?? false;
}

/** Says where one is now, as a browser does after loading a page. */
function arrive(posted: boolean): void {
  const sidebar = document.getElementById("sidebar");
  if (sidebar?.dataset.space) document.body.dataset.space = sidebar.dataset.space;
  const main = document.getElementById("main");
  const wrong = main?.querySelector<HTMLElement>('[aria-invalid="true"]');
  const kept = posted && focused ? document.getElementById(focused) : null;
  const target = wrong ?? kept ?? main?.querySelector<HTMLElement>("h1") ?? main;
  if (target?.matches("h1")) target.tabIndex = -1;
  if (!posted) window.scrollTo(0, 0);
  const anchor = location.hash && !posted ? document.getElementById(location.hash.slice(1)) : null;
  anchor?.scrollIntoView();
  target?.focus({ preventScroll: Boolean(anchor) || !posted });
  takeToasts(document);
}

function readCookie(name: string): string {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}
