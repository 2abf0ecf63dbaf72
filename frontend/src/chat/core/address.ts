/** Finds web addresses in what people write; nothing but http and https becomes a link. */

const ADDRESS = /https?:\/\/[^\s<>"'`|\\^{}]+/iy;
const LONGEST = 2048;
const CLOSERS: Record<string, string> = { ")": "(", "]": "[" };

/** The address that begins at this place, as a link and as it was written. */
export function addressAt(text: string, at: number): { href: string; text: string } | null {
  ADDRESS.lastIndex = at;
  const found = ADDRESS.exec(text)?.[0];
  if (!found || found.length > LONGEST) return null;
  const written = withoutTail(found);
  const url = URL.canParse(written) ? new URL(written) : null;
  if (!url || url.hostname === "" || !["http:", "https:"].includes(url.protocol)) return null;
  // "https://bank.example@evil.example" looks like where it does not lead.
  if (url.username !== "" || url.password !== "") return null;
  return { href: url.href, text: written };
}

/** A sentence's own signs behind an address, and a bracket that was not opened in it, are no part of it. */
function withoutTail(found: string): string {
  const open = countOf(found);
  let end = found.length;
  for (; end > 0; end -= 1) {
    const last = found.charAt(end - 1);
    const opener = CLOSERS[last];
    if (opener) {
      if ((open[last] ?? 0) <= (open[opener] ?? 0)) break;
      open[last] = (open[last] ?? 0) - 1;
    } else if (!".,:;!?*_~".includes(last)) break;
  }
  return found.slice(0, end);
}

function countOf(text: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const char of text) if ("()[]".includes(char)) counts[char] = (counts[char] ?? 0) + 1;
  return counts;
}
