import { beforeEach, expect, test } from "vitest";

import { noteMessage, noteRead } from "./unread";

const SPACE = "s1";
let turn = 0;
let channel = "";

beforeEach(() => {
  turn += 1;
  channel = `c${turn}`;
  document.body.innerHTML = `
    <li data-channel="${channel}"><span class="nz-nav-words">general</span>
      <span data-mentions hidden></span></li>
    <li data-channel="${channel}" id="card"><span data-mentions hidden></span></li>
    <section data-channel="${channel}" id="other"></section>`;
});

function row(): HTMLElement {
  return document.querySelector<HTMLElement>(`li[data-channel="${channel}"]`)!;
}

function mentions(): string | null {
  const sign = row().querySelector<HTMLElement>("[data-mentions]")!;
  return sign.hidden ? null : sign.textContent;
}

function wrote(offset: number, mentioned = false, looking = false): void {
  noteMessage({ channel_id: channel, offset }, { mentioned, looking });
}

test("a message makes the name bold wherever the channel is listed; mentions are counted", () => {
  wrote(5);
  expect(row().dataset.unread).toBe("");
  expect(document.getElementById("card")!.dataset.unread).toBe("");
  expect(document.getElementById("other")!.dataset.unread).toBeUndefined();
  expect(mentions()).toBeNull();
  wrote(6, true);
  wrote(7, true);
  expect(mentions()).toBe("2");
});

test("what one sees where it stands is not unread", () => {
  wrote(5, true, true);
  expect(row().dataset.unread).toBeUndefined();
  expect(mentions()).toBeNull();
});

test("reading in another tab clears the marks, but not those of what came after", () => {
  wrote(5, true);
  wrote(8, true);
  noteRead({ space_id: SPACE, channel_id: channel, offset: 5, mentions: 1 });
  expect(row().dataset.unread).toBe("");
  expect(mentions()).toBe("1");
  noteRead({ space_id: SPACE, channel_id: channel, offset: 8, mentions: 0 });
  expect(row().dataset.unread).toBeUndefined();
  expect(mentions()).toBeNull();
});
