import { expect, test, vi } from "vitest";

import { wearProfile } from "./wearProfile";

const reload = vi.fn();
wearProfile(document, reload);

function swapIn(main: string, dock = ""): (string | undefined)[] {
  document.body.innerHTML = `<main id="main">${main}</main>${dock}`;
  document.body.dispatchEvent(new Event("htmx:afterSettle", { bubbles: true }));
  return [document.documentElement.dataset.theme, document.documentElement.lang];
}

test("the page wears what the profile says once it has been swapped in", () => {
  document.documentElement.lang = "en";
  expect(swapIn('<h1 data-worn="dark" data-spoken="en">Profile</h1>')).toEqual(["dark", "en"]);
  expect(swapIn("<h1>Members</h1>")).toEqual(["dark", "en"]);
  expect(swapIn('<h1 data-worn="system" data-spoken="en">Profile</h1>')).toEqual([undefined, "en"]);
  expect(reload).not.toHaveBeenCalled();
});

test("another language is loaded with the whole page, but for a call", () => {
  document.documentElement.lang = "en";
  const profile = '<h1 data-worn="system" data-spoken="ru">Профиль</h1>';
  expect(swapIn(profile, '<div id="call-dock" data-call></div>')).toEqual([undefined, "ru"]);
  expect(document.getElementById("call-dock")!.lang).toBe("en");
  expect(reload).not.toHaveBeenCalled();
  document.documentElement.lang = "en";
  swapIn(profile, '<div id="call-dock"></div>');
  expect(reload).toHaveBeenCalledOnce();
});
