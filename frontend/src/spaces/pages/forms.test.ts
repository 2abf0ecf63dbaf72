import { beforeEach, expect, it, vi } from "vitest";

import { startForms } from "./forms";

const sent = vi.fn((event: Event) => event.preventDefault());
let token = "fresh";
startForms(document, () => token);

beforeEach(() => {
  token = "fresh";
  sent.mockClear();
  document.body.innerHTML =
    '<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="stale">' +
    '<input name="name" value="Galley"><button name="position" value="1">Up</button>' +
    '<button name="position" value="2">Down</button></form>';
  form().addEventListener("submit", sent);
});

const form = () => document.querySelector("form")!;
const press = (number = 0) => document.querySelectorAll("button")[number]!.click();

function tell(name: string): void {
  const detail = { requestConfig: { elt: form(), verb: "post" } };
  form().dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
}

it("sends the token of now, not the one that the page was made with", () => {
  press();
  expect(new FormData(form()).get("csrfmiddlewaretoken")).toBe("fresh");
});

it("keeps the token of the page where the browser holds none", () => {
  token = "";
  press();
  expect(new FormData(form()).get("csrfmiddlewaretoken")).toBe("stale");
});

it("sends the same thing once, however often it is pressed, until the answer is there", () => {
  press();
  tell("htmx:beforeSend");
  press();
  press();
  expect(sent).toHaveBeenCalledOnce();
  tell("htmx:afterRequest");
  press();
  expect(sent).toHaveBeenCalledTimes(2);
});

it("sends something else meanwhile", () => {
  press();
  tell("htmx:beforeSend");
  press(1);
  form().querySelector<HTMLInputElement>('[name="name"]')!.value = "Bridge";
  press();
  expect(sent).toHaveBeenCalledTimes(3);
});
