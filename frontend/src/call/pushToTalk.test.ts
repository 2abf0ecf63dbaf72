import { expect, it } from "vitest";
import { isTalkPress } from "./pushToTalk";
import type { TalkPress } from "./pushToTalk";

const SPACE: TalkPress = {
  code: "Space",
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  defaultPrevented: false,
  target: document.body,
};

function inside(html: string, change: Partial<TalkPress> = {}): TalkPress {
  const box = document.createElement("div");
  box.innerHTML = html;
  return { ...SPACE, target: box.querySelector("[data-here]") ?? box, ...change };
}
const BUTTON = '<button data-here="">Mute</button>';

it("talks from the page, and from what was only clicked on", () => {
  expect(isTalkPress(SPACE, "Space", true)).toBe(true);
  expect(isTalkPress({ ...SPACE, target: document }, "Space", true)).toBe(true);
  expect(isTalkPress(inside(BUTTON), "Space", false)).toBe(true);
});

it("leaves Space to the control that the keyboard reached, other keys not", () => {
  expect(isTalkPress(inside(BUTTON), "Space", true)).toBe(false);
  const scrolling = inside('<div tabindex="0" data-here=""></div>');
  expect(isTalkPress(scrolling, "Space", true)).toBe(false);
  const heading = inside('<h2 tabindex="-1" data-here="">People</h2>');
  expect(isTalkPress(heading, "Space", true)).toBe(true);
  expect(isTalkPress(inside(BUTTON, { code: "Backquote" }), "Backquote", true)).toBe(true);
});

it.each([
  '<input data-here="">',
  '<textarea data-here=""></textarea>',
  '<select data-here=""></select>',
  '<p contenteditable=""><b data-here="">x</b></p>',
  '<dialog><button data-here="">Close</button></dialog>',
  '<div class="nz-menu"><button data-here="">Pin</button></div>',
])("never talks in %s", (html) => {
  expect(isTalkPress(inside(html), "Space", false)).toBe(false);
});

it("listens to its own key alone, held alone", () => {
  expect(isTalkPress({ ...SPACE, code: "KeyM" }, "Space", false)).toBe(false);
  expect(isTalkPress(SPACE, "off", false)).toBe(false);
  for (const held of ["ctrlKey", "metaKey", "altKey", "shiftKey", "defaultPrevented"]) {
    expect(isTalkPress({ ...SPACE, [held]: true }, "Space", false)).toBe(false);
  }
});
