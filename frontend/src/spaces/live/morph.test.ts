import { expect, test, vi } from "vitest";

import { morph } from "./morph";

function make(html: string): Element {
  const holder = document.createElement("div");
  holder.innerHTML = html;
  document.body.replaceChildren(holder);
  return holder;
}

function next(html: string): Element {
  const holder = document.createElement("div");
  holder.innerHTML = html;
  return holder;
}

test.each([
  ["<p>one</p>", "<p>two</p>"],
  ["<p>one</p> words <b>x</b>", "<b>y</b><i>z</i> other"],
  [
    '<li data-user="1">A</li><li data-user="2">B</li>',
    '<li data-user="2">B</li><li data-user="1">A</li>',
  ],
  ['<a href="/a/">A</a>', '<a href="/b/">A</a>'],
  ['<p class="x" hidden>A</p>', '<p id="q">A</p>'],
  ["<ul><li>1</li><li>2</li><li>3</li></ul>", "<ul><li>1</li></ul>"],
  ["", "<p>new</p>"],
  ["<p>old</p>", ""],
])("it becomes what the server says now: %s", (before, after) => {
  const page = make(before);
  morph(page, next(after), vi.fn());
  expect(page.innerHTML).toBe(after);
});

test("what stays the same keeps its focus, also when it moves", () => {
  const page = make('<button id="a">A</button><button id="b">B</button>');
  const button = document.getElementById("b")!;
  button.focus();
  morph(page, next('<button id="b">B, 2</button>'), vi.fn());
  expect(document.activeElement).toBe(button);
  expect(button.textContent).toBe("B, 2");
});

test("words that somebody has typed stay", () => {
  const page = make(
    '<form action="/x/"><input name="title" value="old"><textarea name="words">old</textarea></form>',
  );
  const field = page.querySelector("input")!;
  const words = page.querySelector("textarea")!;
  field.value = "typed";
  words.value = "typed, too";
  morph(
    page,
    next(
      '<form action="/x/"><input name="title" value="old"><textarea name="words">new</textarea></form>',
    ),
    vi.fn(),
  );
  expect(field.value).toBe("typed");
  expect(words.value).toBe("typed, too");
});

test("a hidden token that is new does not make another form", () => {
  const page = make(
    '<form action="/x/"><input type="hidden" name="t" value="1"><input id="f"></form>',
  );
  const token = page.querySelector("input")!;
  morph(
    page,
    next('<form action="/x/"><input type="hidden" name="t" value="2"><input id="f"></form>'),
    vi.fn(),
  );
  expect(page.querySelector("input")).toBe(token);
  expect(token.value).toBe("2");
});

test("a link that leads elsewhere is another element, so that nobody listens to the old one", () => {
  const page = make('<a href="/a/">A</a>');
  const link = page.querySelector("a")!;
  const onNew = vi.fn();
  morph(page, next('<a href="/b/">A</a>'), onNew);
  expect(page.querySelector("a")).not.toBe(link);
  expect(onNew).toHaveBeenCalledWith(page.querySelector("a"));
});

test("what a part has loaded by itself stays in it", () => {
  const page = make('<div hx-trigger="load"><p>loaded</p></div>');
  morph(page, next('<div hx-trigger="load"></div>'), vi.fn());
  expect(page.textContent).toBe("loaded");
});

test("what the page has set by itself stays", () => {
  const page = make('<main inert id="main"><dialog open>Q</dialog></main>');
  morph(page, next('<main id="main"><dialog>Q</dialog></main>'), vi.fn());
  expect(page.querySelector("main")!.hasAttribute("inert")).toBe(true);
  expect(page.querySelector("dialog")!.open).toBe(true);
});

test("a field in which somebody looks for something stays, whatever was looked for before", () => {
  const page = make('<input id="find" name="q" value="">');
  const field = page.querySelector("input")!;
  field.focus();
  field.value = "mar";
  morph(page, next('<input id="find" name="q" value="ma">'), vi.fn());
  expect(document.activeElement).toBe(field);
  expect(field.value).toBe("mar");
});

test("a heading to which the focus was led keeps it", () => {
  const page = make('<h1 tabindex="-1">Members</h1>');
  const heading = page.querySelector("h1")!;
  heading.focus();
  morph(page, next("<h1>Members</h1>"), vi.fn());
  expect(document.activeElement).toBe(heading);
});

test("what scripts draw at a place of their own stays as it is", () => {
  const next = '<div id="place" data-island data-name="new"></div><p>new</p>';
  const old = document.createElement("div");
  old.innerHTML = '<div id="place" data-island data-name="old"><b>drawn</b></div><p>old</p>';
  const drawn = old.querySelector("b");
  const made = document.createElement("div");
  made.innerHTML = next;
  morph(old, made, () => undefined);
  expect(old.querySelector("b")).toBe(drawn);
  expect(old.querySelector<HTMLElement>("#place")!.dataset.name).toBe("new");
  expect(old.textContent).toBe("drawnnew");
});
