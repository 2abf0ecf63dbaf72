import { describe, expect, it } from "vitest";
import { plainWords, readMarkdown } from "./markdown";
import type { Block, Inline, ListItem } from "./markdown";

const PEOPLE = {
  people: [
    { user_id: "1", display_name: "Lena" },
    { user_id: "2", display_name: "Lena Orlova" },
    { user_id: "3", display_name: "Жанна" },
  ],
  all: true,
};

/** A short way to write a tree down. */
function show(nodes: Inline[]): string {
  return nodes
    .map((node) => {
      if (node.kind === "text") return node.text;
      if (node.kind === "break") return "|";
      if (node.kind === "code") return `<c:${node.text}>`;
      if (node.kind === "link") return `<a:${node.href}:${node.text}>`;
      if (node.kind === "mention") return `<@${node.user_id ?? "all"}:${node.text}>`;
      return `<${node.kind}:${show(node.children)}>`;
    })
    .join("");
}

function line(text: string): string {
  const [block, ...more] = readMarkdown(text, PEOPLE);
  if (block?.kind !== "paragraph" || more.length > 0) throw new Error("Not one paragraph.");
  return show(block.children);
}

describe("within a line", () => {
  it.each([
    ["**bold** and *soft* and ~~gone~~", "<strong:bold> and <em:soft> and <strike:gone>"],
    ["__bold__ and _soft_", "<strong:bold> and <em:soft>"],
    ["***both***", "<strong:<em:both>>"],
    ["**a *b* c**", "<strong:a <em:b> c>"],
    ["*a **b** c*", "<em:a <strong:b> c>"],
    ["snake_case_name stays", "snake_case_name stays"],
    ["2 * 3 * 4 stays", "2 * 3 * 4 stays"],
    ["5*3*2", "5<em:3>2"],
    ["**open and *open", "**open and *open"],
    ["*crossed **over* here**", "<em:crossed **over> here**"],
    ["**** and ** **", "**** and ** **"],
    ["~one~ stays, ~~two~~ goes", "~one~ stays, <strike:two> goes"],
    ["\\*not soft\\* and \\@Lena", "*not soft* and @Lena"],
    ["C:\\temp stays", "C:\\temp stays"],
    ["Привет, **мир**", "Привет, <strong:мир>"],
    ["🎉*soft*🎉", "🎉<em:soft>🎉"],
    ["one\ntwo *th\nree*", "one|two <em:th|ree>"],
  ])("%s", (text, tree) => expect(line(text)).toBe(tree));

  it.each([
    ["`a **b** c`", "<c:a **b** c>"],
    ["``a ` b``", "<c:a ` b>"],
    ["`` ` ``", "<c:`>"],
    ["`open", "`open"],
    ["```let x = 1;```", "<c:let x = 1;>"],
    ["**`a`**", "<strong:<c:a>>"],
  ])("code: %s", (text, tree) => expect(line(text)).toBe(tree));

  it.each([
    ["see https://a.example/b.", "see <a:https://a.example/b:https://a.example/b>."],
    ["(https://a.example/b_(c))", "(<a:https://a.example/b_(c):https://a.example/b_(c)>)"],
    [
      "https://a.example/a_b_c and _soft_",
      "<a:https://a.example/a_b_c:https://a.example/a_b_c> and <em:soft>",
    ],
    ["**https://a.example/**", "<strong:<a:https://a.example/:https://a.example/>>"],
    ["HTTP://A.example", "<a:http://a.example/:HTTP://A.example>"],
    ["xhttps://a.example", "xhttps://a.example"],
    ["https://", "https://"],
    ["https://good.example@bad.example", "https://good.example@bad.example"],
    ["javascript:alert(1) data:text/html,x", "javascript:alert(1) data:text/html,x"],
    ["[x](javascript:alert(1))", "[x](javascript:alert(1))"],
    ['https://a.example/"onclick=x', '<a:https://a.example/:https://a.example/>"onclick=x'],
  ])("addresses: %s", (text, tree) => expect(line(text)).toBe(tree));

  it.each([
    ["@Lena Orlova, hello", "<@2:@Lena Orlova>, hello"],
    ["@Lena Or", "<@1:@Lena> Or"],
    ["@lena!", "<@1:@lena>!"],
    ["@Lenas and me@Lena", "@Lenas and me@Lena"],
    ["(@Жанна)", "(<@3:@Жанна>)"],
    ["**@all**", "<strong:<@all:@all>>"],
    ["`@Lena`", "<c:@Lena>"],
    ["@nobody", "@nobody"],
  ])("names: %s", (text, tree) => expect(line(text)).toBe(tree));

  it("everybody is called only where the server says so", () => {
    const [block] = readMarkdown("@all");
    expect(block).toEqual({ kind: "paragraph", children: [{ kind: "text", text: "@all" }] });
  });
});

describe("blocks", () => {
  const words = (text: string): Inline[] => [{ kind: "text", text }];
  const item = (text: string, list: ListItem["list"] = null): ListItem => ({
    children: words(text),
    list,
  });

  it("paragraphs stand apart by an empty line", () => {
    expect(readMarkdown("a\n\n\nb")).toEqual([
      { kind: "paragraph", children: words("a") },
      { kind: "paragraph", children: words("b") },
    ]);
  });

  it("code keeps every sign of it", () => {
    expect(readMarkdown("see\n```py\n**a**\n\n  > b\n```\nend")).toEqual([
      { kind: "paragraph", children: words("see") },
      { kind: "code", language: "py", text: "**a**\n\n  > b" },
      { kind: "paragraph", children: words("end") },
    ]);
  });

  it("code that is not closed stays words", () => {
    expect(readMarkdown("```\na").map(({ kind }) => kind)).toEqual(["paragraph"]);
  });

  it("quotes hold blocks", () => {
    expect(readMarkdown("> a\n> > b\n> - c\nd")).toEqual([
      {
        kind: "quote",
        children: [
          { kind: "paragraph", children: words("a") },
          { kind: "quote", children: [{ kind: "paragraph", children: words("b") }] },
          { kind: "list", ordered: false, start: 1, items: [item("c")] },
        ],
      },
      { kind: "paragraph", children: words("d") },
    ]);
  });

  it("lists hold lists, and numbers begin where they were written", () => {
    expect(readMarkdown("- a\n- b\n  3. c\n  4. d\n- e\n1. f")).toEqual([
      {
        kind: "list",
        ordered: false,
        start: 1,
        items: [
          item("a"),
          item("b", { kind: "list", ordered: true, start: 3, items: [item("c"), item("d")] }),
          item("e"),
        ],
      },
      { kind: "list", ordered: true, start: 1, items: [item("f")] },
    ]);
  });

  it("a dash alone, or a number in a sentence, is no list", () => {
    expect(readMarkdown("-\n1984.").map(({ kind }) => kind)).toEqual(["paragraph"]);
  });
});

it("plain words have no signs of the markdown in them", () => {
  expect(plainWords("**a** `b`\n> c\n\n- d\n  - e\n```\nf\n```")).toBe("a b c d e f");
});

describe("whatever is written", () => {
  const PARTS = [
    "*",
    "**",
    "_",
    "__",
    "~~",
    "`",
    "```",
    "\n",
    "\n\n",
    "> ",
    "- ",
    "1. ",
    "  ",
    "\\",
  ];
  const MORE = [
    "a",
    "я",
    "🎉",
    " ",
    "@Lena",
    "@all",
    "https://a.example/x",
    "<b>",
    "&lt;",
    "[x](y)",
    "(",
    ")",
  ];
  const ALL = [...PARTS, ...MORE];

  function random(seed: number): () => number {
    let state = seed;
    return () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
  }

  it("no word of it is lost, and nothing but known kinds comes out", () => {
    for (let seed = 1; seed <= 3000; seed += 1) {
      const next = random(seed);
      const length = Math.floor(next() * 60);
      const text = Array.from({ length }, () => ALL[Math.floor(next() * ALL.length)]).join("");
      const letters = (words: string) => words.match(/[aя🎉<>&;x]/gu)?.join("") ?? "";
      const tree = readMarkdown(text, PEOPLE);
      // Signs of quotes are the only letters here that the markdown takes for itself.
      const known = letters(flat(tree)).replaceAll(">", "");
      const language = /```(\w+)/g;
      expect([seed, known]).toEqual([
        seed,
        letters(text.replace(language, lostLanguages(tree))).replaceAll(">", ""),
      ]);
    }
  });

  it.each([
    ["*", 60_000],
    ["*a", 30_000],
    ["**a*", 20_000],
    ["_ ", 30_000],
    ["`", 60_000],
    ["` `` ``` ", 7_000],
    ["```\n", 15_000],
    ["> ", 30_000],
    ["> \n", 20_000],
    ["- ", 30_000],
    ["- a\n  ", 12_000],
    ["@", 60_000],
    ["https://", 8_000],
    ["https://a.example/(", 3_000],
    ["(", 60_000],
    ["~~a", 20_000],
    ["*_", 30_000],
    ["\\", 60_000],
  ])("%j, %i times over, is read, and never deeper than a page can draw", (part, times) => {
    const tree = readMarkdown(part.repeat(times), PEOPLE);
    expect(depthOf(tree)).toBeLessThanOrEqual(20);
  });

  it("twice as much takes about twice as long, counted in steps", () => {
    // String reads are what the time goes into; they are counted, so that no clock decides.
    for (const part of ["*a", "**a*_", "` `` ", "@Lena", "> *a\n", "- a\n"]) {
      const [one, two] = [400, 800].map((times) => stepsFor(part.repeat(times)));
      expect([part, two! / one!]).toEqual([part, expect.closeTo(2, 0)]);
    }
  });
});

function flat(blocks: Block[]): string {
  return blocks
    .map((block): string => {
      if (block.kind === "paragraph") return words(block.children);
      if (block.kind === "code") return block.text;
      if (block.kind === "quote") return flat(block.children);
      return block.items
        .map(({ children, list }) => words(children) + (list ? flat([list]) : ""))
        .join("");
    })
    .join("");
}

function words(nodes: Inline[]): string {
  return nodes
    .map((node): string => {
      if ("text" in node) return node.text;
      return node.kind === "break" ? "\n" : words(node.children);
    })
    .join("");
}

/** The names of languages are taken out of the words; in order, each stands in the tree instead. */
function lostLanguages(tree: Block[]): (found: string, name: string) => string {
  const names: string[] = [];
  const visit = (blocks: Block[]) => {
    for (const block of blocks) {
      if (block.kind === "code" && block.language) names.push(block.language);
      if (block.kind === "quote") visit(block.children);
    }
  };
  visit(tree);
  return (found, name) => {
    if (names[0] !== name) return found;
    names.shift();
    return "";
  };
}

function depthOf(blocks: (Block | Inline)[]): number {
  let deepest = 0;
  const left: { node: Block | Inline; depth: number }[] = blocks.map((node) => ({
    node,
    depth: 1,
  }));
  for (let next = left.pop(); next; next = left.pop()) {
    const { node, depth } = next;
    deepest = Math.max(deepest, depth);
    const inside: (Block | Inline)[] =
      "children" in node
        ? node.children
        : node.kind === "list"
          ? node.items.flatMap((found) => [...found.children, ...(found.list ? [found.list] : [])])
          : [];
    for (const child of inside) left.push({ node: child, depth: depth + 1 });
  }
  return deepest;
}

function stepsFor(text: string): number {
  const original = Object.getOwnPropertyDescriptor(String.prototype, "charAt");
  if (!original) throw new Error("No charAt?");
  let steps = 0;
  const charAt = original.value as (this: string, at: number) => string;
  Object.defineProperty(String.prototype, "charAt", {
    ...original,
    value(this: string, at: number) {
      steps += 1;
      return charAt.call(this, at);
    },
  });
  try {
    readMarkdown(text, PEOPLE);
  } finally {
    Object.defineProperty(String.prototype, "charAt", original);
  }
  return steps;
}
