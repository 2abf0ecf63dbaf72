/** Codes of sessions as people type and paste them. */

const GROUP = 4;
const LENGTH = 12;

/** Writes a code as xxxx-xxxx-xxxx while it is typed; a pasted link gives its code. */
export function formatCode(typed: string): string {
  const letters = lastPart(typed)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
    .slice(0, LENGTH);
  return letters.match(new RegExp(`.{1,${GROUP}}`, "g"))?.join("-") ?? "";
}

/** The last part of a link's path, or the text itself. */
function lastPart(typed: string): string {
  const text = typed.trim();
  if (!text.includes("/")) return text;
  const path = text.replace(/^[a-z]+:\/\//i, "").replace(/[?#].*$/, "");
  return path.split("/").filter(Boolean).at(-1) ?? "";
}
