import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { PageReload } from "./reload";

const page = (words: string) =>
  new DOMParser().parseFromString(
    `<aside id="sidebar">${words}</aside><main id="main"><p>${words}</p></main>`,
    "text/html",
  );
const fetchPage = vi.fn<(address: string) => Promise<Document | "gone" | null>>();
const onNew = vi.fn();
const onLoaded = vi.fn();
const onGone = vi.fn();
let reload: PageReload;

const shown = () => document.getElementById("sidebar")!.textContent;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  document.body.innerHTML = '<aside id="sidebar">old</aside><main id="main"><p>old</p></main>';
  fetchPage.mockReset().mockResolvedValue(page("new"));
  onLoaded.mockReset();
  onGone.mockReset();
  reload = new PageReload({ onNew, onLoaded, onGone, fetchPage });
});
afterEach(() => {
  reload.stop();
  vi.useRealTimers();
});

test("it waits a random while, so that a thousand pages do not ask at once", async () => {
  reload.ask();
  await vi.advanceTimersByTimeAsync(1_499);
  expect(fetchPage).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(fetchPage).toHaveBeenCalledExactlyOnceWith(location.href);
  expect(shown()).toBe("new");
  expect(document.getElementById("main")!.textContent).toBe("new");
  expect(onLoaded).toHaveBeenCalledOnce();
});

test("many reasons at once are one reload, and the next one waits five seconds", async () => {
  reload.ask();
  reload.ask();
  await vi.advanceTimersByTimeAsync(1_500);
  reload.ask();
  reload.ask();
  await vi.advanceTimersByTimeAsync(6_499);
  expect(fetchPage).toHaveBeenCalledOnce();
  await vi.advanceTimersByTimeAsync(1);
  expect(fetchPage).toHaveBeenCalledTimes(2);
});

test("a reason that comes during a load leads to another one", async () => {
  let answer: (page: Document) => void = () => undefined;
  fetchPage.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
  reload.ask();
  await vi.advanceTimersByTimeAsync(1_500);
  reload.ask();
  answer(page("first"));
  await vi.advanceTimersByTimeAsync(6_500);
  expect(fetchPage).toHaveBeenCalledTimes(2);
  expect(shown()).toBe("new");
});

test("what happens during a load is drawn after it", async () => {
  let answer: (page: Document) => void = () => undefined;
  fetchPage.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
  reload.ask();
  await vi.advanceTimersByTimeAsync(1_500);
  reload.draw(() => document.getElementById("sidebar")!.append(", and Noor"));
  expect(shown()).toBe("old");
  answer(page("new"));
  await vi.advanceTimersByTimeAsync(0);
  expect(shown()).toBe("new, and Noor");
});

test("an answer that is no page, or does not come, leaves everything as it is", async () => {
  fetchPage.mockResolvedValueOnce(null).mockRejectedValueOnce(new Error("offline"));
  reload.ask();
  await vi.advanceTimersByTimeAsync(1_500);
  reload.ask();
  await vi.advanceTimersByTimeAsync(6_500);
  expect(shown()).toBe("old");
  expect(onLoaded).not.toHaveBeenCalled();
});

test("who has opened another page meanwhile has a fresh one", async () => {
  reload.ask();
  reload.forget();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(fetchPage).not.toHaveBeenCalled();
});

test("a page that is gone is told of, unless one has left it", async () => {
  fetchPage.mockResolvedValue("gone");
  reload.ask();
  await vi.advanceTimersByTimeAsync(1_500);
  expect(onGone).toHaveBeenCalledOnce();
  expect(shown()).toBe("old");
  reload.ask();
  reload.stop();
  await vi.advanceTimersByTimeAsync(6_500);
  expect(onGone).toHaveBeenCalledOnce();
});

test("a form that was refused stays with what it says", async () => {
  document.getElementById("main")!.innerHTML = '<input value="typed" aria-invalid="true">';
  reload.ask();
  await vi.advanceTimersByTimeAsync(1_500);
  expect(document.querySelector<HTMLInputElement>("#main input")?.value).toBe("typed");
  expect(shown()).toBe("new");
});
