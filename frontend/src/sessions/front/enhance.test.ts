import { beforeEach, expect, test } from "vitest";

import { enhanceFrontPage } from "./enhance";

beforeEach(() => {
  document.body.innerHTML = `
    <form data-start><input name="display_name">
      <button data-busy-words><span data-shown="true">Start</span><span data-shown="false" aria-hidden="true">Starting</span></button>
    </form>
    <form data-code><input name="code"></form>`;
});

const field = (name: string) => document.querySelector<HTMLInputElement>(`[name="${name}"]`)!;

function type(input: HTMLInputElement, value: string, inputType = "insertText") {
  input.value = value;
  input.setSelectionRange(value.length, value.length);
  input.dispatchEvent(new InputEvent("input", { inputType }));
}

test("starting says so, once, and the name is remembered", () => {
  enhanceFrontPage(document);
  field("display_name").value = "Marta";
  const form = document.querySelector("form")!;
  const send = () => form.dispatchEvent(new Event("submit", { cancelable: true }));
  expect(send()).toBe(true);
  expect(form.querySelector("button")?.getAttribute("aria-busy")).toBe("true");
  expect(form.querySelectorAll("span")[0]?.getAttribute("aria-hidden")).toBe("true");
  expect(form.querySelectorAll("span")[1]?.hasAttribute("aria-hidden")).toBe(false);
  expect(send()).toBe(false);

  field("display_name").value = "";
  enhanceFrontPage(document);
  expect(field("display_name").value).toBe("Marta");
});

test("a code gets its dashes while it is typed, and a pasted link is taken for its code", () => {
  enhanceFrontPage(document);
  type(field("code"), "qmvthz");
  expect(field("code").value).toBe("qmvt-hz");
  type(field("code"), "qmvt-", "deleteContentBackward");
  expect(field("code").value).toBe("qmvt-");
  type(field("code"), "https://nonza.exam");
  expect(field("code").value).toBe("https://nonza.exam");
  type(field("code"), "https://nonza.example/session/qmvt-hzke-wrpd/", "insertFromPaste");
  expect(field("code").value).toBe("qmvt-hzke-wrpd");
});
