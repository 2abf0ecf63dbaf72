import { expect, test } from "vitest";

import { wearProfile } from "./wearProfile";

test("the page wears what the profile says once it has been swapped in", () => {
  wearProfile(document);
  const swapIn = (main: string) => {
    document.body.innerHTML = `<main id="main">${main}</main>`;
    document.body.dispatchEvent(new Event("htmx:afterSettle", { bubbles: true }));
    return [document.documentElement.dataset.theme, document.documentElement.lang];
  };
  expect(swapIn('<h1 data-worn="dark" data-spoken="ru">Профиль</h1>')).toEqual(["dark", "ru"]);
  expect(swapIn("<h1>Members</h1>")).toEqual(["dark", "ru"]);
  expect(swapIn('<h1 data-worn="system" data-spoken="en">Profile</h1>')).toEqual([undefined, "en"]);
});
