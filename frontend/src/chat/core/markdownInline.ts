/** What stands within a line: strong, stressed and struck words, code, addresses, names. */

import { addressAt } from "./address";

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "strong" | "em" | "strike"; children: Inline[] }
  | { kind: "code"; text: string }
  | { kind: "link"; href: string; text: string }
  /** user_id null: everybody. `text` is "@name" as it was written. */
  | { kind: "mention"; user_id: string | null; text: string }
  | { kind: "break" };

/** Whom the server found to be mentioned: only they become mentions. */
export type Mentioned = {
  people: readonly { user_id: string; display_name: string }[];
  all: boolean;
};

/** Deeper than anybody writes, and shallow enough for whoever draws it. */
const MOST_DEEP = 8;
const WORD = /[\p{L}\p{N}]/u;
const SPACE = /\s/;
const ESCAPED = /[!-/:-@[-`{-~]/;

type Opener = { char: string; size: number; node: number };
type Found = Inline & { depth?: number };

export function readInline(text: string, mentioned: Mentioned): Inline[] {
  return new InlineReader(text, mentioned).read();
}

class InlineReader {
  readonly #text: string;
  readonly #mentioned: Mentioned;
  readonly #nodes: { inline: Inline; depth: number }[] = [];
  readonly #open: Opener[] = [];
  /** How many openers of a kind are open. */
  readonly #kinds = new Map<string, number>();
  readonly #ticks: Map<number, number[]>;
  #words = "";
  #at = 0;

  constructor(text: string, mentioned: Mentioned) {
    this.#text = text;
    this.#mentioned = mentioned;
    this.#ticks = runsOfTicks(text);
  }

  read(): Inline[] {
    while (this.#at < this.#text.length) {
      const char = this.#text.charAt(this.#at);
      if (!this.#special(char)) this.#take(1);
    }
    this.#flush();
    return joinWords(this.#nodes.map(({ inline }) => inline));
  }

  #special(char: string): boolean {
    if (char === "\n") return this.#put({ kind: "break" }, 1);
    if (char === "\\") return this.#escape();
    if (char === "`") return this.#code();
    if (char === "h" || char === "H") return this.#address();
    if (char === "@") return this.#mention();
    if (char === "*" || char === "_" || char === "~") return this.#stress(char);
    return false;
  }

  #take(length: number): true {
    this.#words += this.#text.slice(this.#at, this.#at + length);
    this.#at += length;
    return true;
  }

  #put(inline: Inline, length: number): true {
    this.#flush();
    this.#nodes.push({ inline, depth: 0 });
    this.#at += length;
    return true;
  }

  #flush(): void {
    if (this.#words === "") return;
    this.#nodes.push({ inline: { kind: "text", text: this.#words }, depth: 0 });
    this.#words = "";
  }

  #escape(): boolean {
    if (!ESCAPED.test(this.#text.charAt(this.#at + 1))) return false;
    this.#at += 1;
    return this.#take(1);
  }

  #code(): boolean {
    const length = runLength(this.#text, this.#at);
    const ends = this.#ticks.get(length) ?? [];
    while ((ends.at(-1) ?? Infinity) <= this.#at) ends.pop();
    const end = ends.at(-1);
    if (end === undefined) return this.#take(length);
    const inside = this.#text.slice(this.#at + length, end).replaceAll("\n", " ");
    const padded = inside.startsWith(" ") && inside.endsWith(" ") && inside.trim() !== "";
    const text = padded ? inside.slice(1, -1) : inside;
    return this.#put({ kind: "code", text }, end + length - this.#at);
  }

  #address(): boolean {
    if (WORD.test(before(this.#text, this.#at))) return false;
    const found = addressAt(this.#text, this.#at);
    if (!found) return false;
    return this.#put({ kind: "link", ...found }, found.text.length);
  }

  #mention(): boolean {
    if (WORD.test(before(this.#text, this.#at))) return false;
    let best: { user_id: string | null; length: number } | null = null;
    const names: { user_id: string | null; name: string }[] = this.#mentioned.people.map(
      ({ user_id, display_name }) => ({ user_id, name: display_name }),
    );
    if (this.#mentioned.all) names.push({ user_id: null, name: "all" });
    for (const { user_id, name } of names) {
      const end = this.#at + 1 + name.length;
      if (name === "" || name.length <= (best?.length ?? 0)) continue;
      const there = this.#text.slice(this.#at + 1, end);
      if (there.toLowerCase() !== name.toLowerCase()) continue;
      if (!WORD.test(after(this.#text, end))) best = { user_id, length: name.length };
    }
    if (!best) return false;
    const text = this.#text.slice(this.#at, this.#at + 1 + best.length);
    return this.#put({ kind: "mention", user_id: best.user_id, text }, text.length);
  }

  /** A run of one sign: closes what it can, and opens what is left. */
  #stress(char: string): boolean {
    let left = runLength(this.#text, this.#at);
    const previous = before(this.#text, this.#at);
    const next = after(this.#text, this.#at + left);
    const inWord = char === "_" && WORD.test(previous) && WORD.test(next);
    const closes = !SPACE.test(previous) && previous !== "" && !inWord;
    const opens = !SPACE.test(next) && next !== "" && !inWord;
    while (left > 0) {
      const closed = closes ? this.#closing(char, left) : 0;
      const size = closed || Math.min(left, char === "~" ? 2 : left >= 2 ? 2 : 1);
      if (closed) this.#close(char, size);
      else if (opens && !(char === "~" && size < 2)) this.#begin(char, size);
      else this.#take(size);
      left -= size;
    }
    return true;
  }

  /** How many signs close something: first what was opened last. */
  #closing(char: string, left: number): number {
    const last = this.#open.at(-1);
    if (last?.char === char && last.size <= left) return this.#isEmpty(last) ? 0 : last.size;
    for (const size of [2, 1]) {
      if (size <= left && (this.#kinds.get(`${char}${size}`) ?? 0) > 0) return size;
    }
    return 0;
  }

  #isEmpty({ node }: Opener): boolean {
    return this.#words === "" && node === this.#nodes.length - 1;
  }

  #begin(char: string, size: number): void {
    this.#flush();
    this.#open.push({ char, size, node: this.#nodes.length });
    this.#count({ char, size }, 1);
    this.#nodes.push({ inline: { kind: "text", text: char.repeat(size) }, depth: 0 });
    this.#at += size;
  }

  #close(char: string, size: number): void {
    this.#flush();
    let opener = this.#open.pop();
    while (opener && (opener.char !== char || opener.size !== size)) {
      // It was never closed: its sign stays a word.
      this.#count(opener, -1);
      opener = this.#open.pop();
    }
    if (!opener) return;
    this.#count({ char, size }, -1);
    const inside = this.#nodes.splice(opener.node).slice(1);
    const depth = 1 + inside.reduce((most, node) => Math.max(most, node.depth), 0);
    const sign = { inline: { kind: "text", text: char.repeat(size) } as Inline, depth: 0 };
    if (depth > MOST_DEEP) {
      for (const node of [sign, ...inside, sign]) this.#nodes.push(node);
    } else {
      const children = joinWords(inside.map(({ inline }) => inline));
      this.#nodes.push({ inline: { kind: kindOf(char, size), children }, depth });
    }
    this.#at += size;
  }

  #count({ char, size }: Omit<Opener, "node">, change: number): void {
    const kind = `${char}${size}`;
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + change);
  }
}

function kindOf(char: string, size: number): "strong" | "em" | "strike" {
  if (char === "~") return "strike";
  return size === 2 ? "strong" : "em";
}

/** Where runs of accents stand, by their length, the last first. */
function runsOfTicks(text: string): Map<number, number[]> {
  const runs = new Map<number, number[]>();
  for (const { 0: run, index } of text.matchAll(/`+/g)) {
    const known = runs.get(run.length);
    if (known) known.push(index);
    else runs.set(run.length, [index]);
  }
  for (const places of runs.values()) places.reverse();
  return runs;
}

function runLength(text: string, from: number): number {
  let end = from + 1;
  while (end < text.length && text.charAt(end) === text.charAt(from)) end += 1;
  return end - from;
}

/** The character before a place, also one of two halves. */
function before(text: string, at: number): string {
  if (at === 0) return "";
  const low = text.charCodeAt(at - 1);
  return low >= 0xdc00 && low <= 0xdfff ? text.slice(at - 2, at) : text.charAt(at - 1);
}

function after(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? "" : String.fromCodePoint(code);
}

function joinWords(nodes: Inline[]): Inline[] {
  const joined: Found[] = [];
  let words: string[] = [];
  const flush = () => {
    if (words.length > 0) joined.push({ kind: "text", text: words.join("") });
    words = [];
  };
  for (const node of nodes) {
    if (node.kind === "text") words.push(node.text);
    else {
      flush();
      joined.push(node);
    }
  }
  flush();
  return joined;
}
