/**
 * Reads the little markdown of messages into a tree. No HTML comes in or out: whoever draws the tree
 * makes elements of it, and everything that is not understood stays the words that it was. It takes
 * time in proportion to the text, whatever the text is.
 */

import { readInline } from "./markdownInline";
import type { Inline, Mentioned } from "./markdownInline";

export type { Inline, Mentioned } from "./markdownInline";

export type ListItem = { children: Inline[]; list: List | null };
export type List = { kind: "list"; ordered: boolean; start: number; items: ListItem[] };
export type Block =
  | { kind: "paragraph"; children: Inline[] }
  | { kind: "code"; language: string; text: string }
  | { kind: "quote"; children: Block[] }
  | List;

const MOST_NESTED = 4;
const FENCE = /^ {0,3}```([\w+#.-]{0,20})[ \t]*$/;
const QUOTE = /^ {0,3}>[ \t]?/;
const LIST_LINE = /^( {0,12})(?:[-*+•]|(\d{1,9})[.)])[ \t]+(?=\S)/;

export function readMarkdown(text: string, mentioned: Mentioned = NOBODY): Block[] {
  return new Reader(text.split(/\r\n?|\n/), mentioned, 0).read();
}

export const NOBODY: Mentioned = { people: [], all: false };

/** The words alone, in one line: for a toast, an announcement, a quote. */
export function plainWords(text: string): string {
  return readMarkdown(text).map(wordsOfBlock).join(" ").replace(/\s+/g, " ").trim();
}

class Reader {
  readonly #lines: string[];
  readonly #mentioned: Mentioned;
  readonly #depth: number;
  /** Lines that a block of code can end with, from the last to the first. */
  readonly #fences: number[];
  readonly #blocks: Block[] = [];
  #at = 0;

  constructor(lines: string[], mentioned: Mentioned, depth: number) {
    this.#lines = lines;
    this.#mentioned = mentioned;
    this.#depth = depth;
    this.#fences = lines.flatMap((line, at) => (/^ {0,3}```[ \t]*$/.test(line) ? [at] : []));
    this.#fences.reverse();
  }

  read(): Block[] {
    let words: string[] = [];
    const flush = () => {
      if (words.length > 0) this.#blocks.push(this.#paragraph(words));
      words = [];
    };
    while (this.#at < this.#lines.length) {
      const line = this.#line();
      const block = this.#code(line) ?? this.#quote(line) ?? this.#list(line);
      if (block) {
        flush();
        this.#blocks.push(block);
      } else {
        if (line.trim() === "") flush();
        else words.push(line);
        this.#at += 1;
      }
    }
    flush();
    return this.#blocks;
  }

  #line(): string {
    return this.#lines[this.#at] ?? "";
  }

  #paragraph(words: string[]): Block {
    return { kind: "paragraph", children: readInline(words.join("\n"), this.#mentioned) };
  }

  #code(line: string): Block | null {
    const fence = FENCE.exec(line);
    if (!fence) return null;
    while ((this.#fences.at(-1) ?? Infinity) <= this.#at) this.#fences.pop();
    const end = this.#fences.at(-1);
    // Not closed: somebody wrote three accents, and no code.
    if (end === undefined) return null;
    const text = this.#lines.slice(this.#at + 1, end).join("\n");
    this.#at = end + 1;
    return { kind: "code", language: fence[1] ?? "", text };
  }

  #quote(line: string): Block | null {
    if (this.#depth >= MOST_NESTED || !QUOTE.test(line)) return null;
    const inside: string[] = [];
    while (this.#at < this.#lines.length && QUOTE.test(this.#line())) {
      inside.push(this.#line().replace(QUOTE, ""));
      this.#at += 1;
    }
    const children = new Reader(inside, this.#mentioned, this.#depth + 1).read();
    return { kind: "quote", children };
  }

  #list(line: string): List | null {
    return LIST_LINE.test(line) ? this.#listAt(0, MOST_NESTED) : null;
  }

  /** The lines of a list from here on that stand at least so far to the right. */
  #listAt(indent: number, levels: number): List {
    const first = LIST_LINE.exec(this.#line());
    const number = first?.[2];
    const list: List = {
      kind: "list",
      ordered: number !== undefined,
      start: number === undefined ? 1 : Number(number),
      items: [],
    };
    while (this.#at < this.#lines.length) {
      const line = this.#line();
      const found = LIST_LINE.exec(line);
      if (!found || (found[1] ?? "").length < indent) break;
      const last = list.items.at(-1);
      const own = (first?.[1] ?? "").length;
      if (last && levels > 1 && (found[1] ?? "").length >= own + 2 && !last.list) {
        last.list = this.#listAt(own + 2, levels - 1);
      } else if ((found[2] !== undefined) !== list.ordered) {
        break;
      } else {
        const words = line.slice(found[0].length);
        list.items.push({ children: readInline(words, this.#mentioned), list: null });
        this.#at += 1;
      }
    }
    return list;
  }
}

function wordsOfBlock(block: Block): string {
  if (block.kind === "paragraph") return wordsOf(block.children);
  if (block.kind === "code") return block.text;
  if (block.kind === "quote") return block.children.map(wordsOfBlock).join(" ");
  return block.items.map(wordsOfItem).join(" ");
}

function wordsOfItem({ children, list }: ListItem): string {
  return wordsOf(children) + (list ? ` ${wordsOfBlock(list)}` : "");
}

function wordsOf(nodes: Inline[]): string {
  return nodes
    .map((node) => {
      if ("text" in node) return node.text;
      return node.kind === "break" ? " " : wordsOf(node.children);
    })
    .join("");
}
