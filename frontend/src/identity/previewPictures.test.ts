import { beforeEach, expect, test, vi } from "vitest";

import { previewPictures } from "./previewPictures";

let made: HTMLImageElement[] = [];

beforeEach(() => {
  URL.createObjectURL = vi.fn(() => "blob:one");
  URL.revokeObjectURL = vi.fn();
  made = [];
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- bind takes the last overload, which is
  const create = document.createElement.bind(document);
  vi.spyOn(document, "createElement").mockImplementation((name: string) => {
    const element = create(name);
    if (element instanceof HTMLImageElement) made.push(element);
    return element;
  });
  document.body.innerHTML = `<form data-picture><span class="nz-avatar">AN</span><input type="file"></form>
    <form><input type="file"></form>`;
});

function choose(place: string, ...files: File[]): void {
  const input = document.querySelector(place);
  if (!input) throw new Error("the page is not whole");
  Object.defineProperty(input, "files", { value: files, configurable: true });
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

const me = new File(["x"], "me.png", { type: "image/png" });

test("the picture that was chosen shows once it is known to be one", () => {
  previewPictures(document);
  choose("[data-picture] input", me);
  const face = document.querySelector(".nz-avatar");
  expect(face?.textContent).toBe("AN");
  for (const picture of made) picture.dispatchEvent(new Event("load"));
  expect(face?.querySelector("img")?.src).toBe("blob:one");
});

test("nothing happens where nothing was chosen, or for another form", () => {
  previewPictures(document);
  choose("[data-picture] input");
  choose("form:last-child input", me);
  expect(made).toEqual([]);
});
