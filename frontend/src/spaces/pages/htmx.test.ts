import { beforeEach, describe, expect, it, vi } from "vitest";

import { currentToasts } from "../../ui/toasts";
import { decideSwap, guardBack } from "./htmx";

// It looks for XPath, which is not in jsdom; the end-to-end tests have the real one.
vi.mock("htmx.org", () => ({ default: { config: {}, process: vi.fn() } }));

const SHELL = '<aside id="sidebar"></aside><main id="main"></main>';
const OUTSIDE = '<main id="main"></main>';

function answer(status: number, responseText: string, boosted = true) {
  const xhr = { status, responseText, responseURL: "http://localhost/login/" } as XMLHttpRequest;
  const detail = { xhr, boosted, shouldSwap: status < 400, isError: status >= 400 };
  decideSwap(detail);
  return detail;
}

const words = () => currentToasts().at(-1)?.words;

describe("what happens to an answer", () => {
  beforeEach(() => {
    document.body.innerHTML =
      '<div id="pane"></div><div id="call-dock" data-call></div>' +
      '<div id="toaster" data-outside="Leave the call first." data-failed="This did not work."></div>';
    document.body.dataset.space = "galleon";
  });

  it("shows pages of the space in place", () => {
    expect(answer(200, SHELL).shouldSwap).toBe(true);
  });

  it("shows a refusal that is a page in place", () => {
    expect(answer(400, SHELL)).toMatchObject({ shouldSwap: true, isError: false });
    expect(answer(404, OUTSIDE)).toMatchObject({ shouldSwap: true, isError: false });
  });

  it("leaves a refusal that is no page to the notice", () => {
    expect(answer(502, "Bad gateway")).toMatchObject({ shouldSwap: false, isError: true });
  });

  it("never puts a page from outside beside a call", () => {
    expect(answer(200, OUTSIDE).shouldSwap).toBe(false);
    expect(words()).toBe("Leave the call first.");
  });

  it("leaves alone what a part of a page loads by itself", () => {
    expect(answer(200, OUTSIDE, false).shouldSwap).toBe(true);
  });

  it("goes back to pages of the space, and from any other to the space's own", () => {
    const show = vi.fn();
    const back = (status: number, responseText: string) => {
      const xhr = { status, responseText, onload: show } as unknown as XMLHttpRequest;
      guardBack(xhr);
      xhr.onload?.(new ProgressEvent("load"));
      return document.getElementById("leading-link")?.getAttribute("href");
    };
    expect(back(200, SHELL)).toBeUndefined();
    expect(show).toHaveBeenCalledOnce();
    expect(back(404, OUTSIDE)).toBe("/spaces/galleon/");
    expect(words()).toBe("This did not work.");
    expect(back(200, OUTSIDE)).toBe("/spaces/galleon/");
    expect(words()).toBe("Leave the call first.");
    expect(show).toHaveBeenCalledOnce();
  });
});
