/**
 * Makes a part of the page like a newer version of it, in place: what stays the same keeps its focus,
 * its open menus and what somebody has typed.
 */

/** What makes two elements the same thing. A link or form that leads elsewhere is another one. */
const NAMES = [
  "id",
  "data-channel",
  "data-session",
  "data-person",
  "data-user",
  "href",
  "action",
  "name",
  "value",
];
/** Of several fields of one name, the value tells which is which. */
const CHOICES = new Set(["radio", "checkbox", "submit"]);
/** Belong to the page as it runs, not to what the server wrote. */
const OWN = new Set([
  "inert",
  "open",
  "style",
  "popover",
  "draggable",
  "tabindex",
  "aria-busy",
  "data-placed",
  "data-sortable",
]);

/** Hands every element that is new to the page to `onNew`. */
export function morph(old: Element, next: Element, onNew: (element: Element) => void): void {
  const focused = document.activeElement;
  become(old, next, onNew);
  // An element that moves loses the focus on its way.
  if (focused instanceof HTMLElement && focused.isConnected) {
    if (document.activeElement !== focused) focused.focus({ preventScroll: true });
  }
}

function become(old: Element, next: Element, onNew: (element: Element) => void): void {
  takeAttributes(old, next);
  // The words in a field are the person's.
  if (old instanceof HTMLTextAreaElement || old instanceof HTMLTemplateElement) return;
  // What it has loaded or drawn by itself is not in the page that the server wrote.
  if (old.getAttribute("hx-trigger") === "load" || old.hasAttribute("data-island")) return;
  const pairs = pair(old, next);
  const kept = new Set(pairs.map(({ same }) => same));
  for (const child of [...old.childNodes]) if (!kept.has(child)) child.remove();
  let at: ChildNode | null = old.firstChild;
  for (const { same, child } of pairs) {
    if (same === undefined) old.insertBefore(child, at);
    else if (same === at) at = at.nextSibling;
    else old.insertBefore(same, at);
    if (!(child instanceof Element)) continue;
    if (same === undefined) onNew(child);
    else become(same as Element, child, onNew);
  }
}

type Pair = { child: ChildNode; same: ChildNode | undefined };

/** For each node to come the one that is here already and is the same thing. */
function pair(old: Element, next: Element): Pair[] {
  const known = new Map<string, ChildNode[]>();
  for (const child of old.childNodes) {
    const key = keyOf(child);
    known.set(key, [...(known.get(key) ?? []), child]);
  }
  return [...next.childNodes].map((child) => ({ child, same: known.get(keyOf(child))?.shift() }));
}

function keyOf(node: ChildNode): string {
  if (!(node instanceof Element)) return `${node.nodeType} ${node.nodeValue}`;
  const named = NAMES.map((name) => node.getAttribute(name) ?? "");
  // A new token, or words that are looked for, must not make another field of the same one.
  if (node instanceof HTMLInputElement && !CHOICES.has(node.type)) {
    named[NAMES.indexOf("value")] = "";
  }
  return [node.tagName, ...named].join("\n");
}

function takeAttributes(old: Element, next: Element): void {
  for (const { name, value } of [...next.attributes]) {
    if (!OWN.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    if (!OWN.has(name) && !next.hasAttribute(name)) old.removeAttribute(name);
  }
}
