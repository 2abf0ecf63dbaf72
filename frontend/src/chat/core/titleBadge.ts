/** What waits unread, in front of the page's title: "(2) General". */

const counts = new Map<string, number>();
const BADGE = /^\(\d+\+?\) /;
const MOST = 99;
let watcher: MutationObserver | null = null;

/** Each part of the page counts its own under a name; 0 takes it away. */
export function setTitleCount(owner: string, count: number): void {
  if ((counts.get(owner) ?? 0) === count) return;
  if (count > 0) counts.set(owner, count);
  else counts.delete(owner);
  if (counts.size > 0) watch();
  write();
  if (counts.size > 0) return;
  watcher?.disconnect();
  watcher = null;
}

/** The page gives itself other titles: they wear the badge, too. */
function watch(): void {
  if (watcher) return;
  watcher = new MutationObserver(write);
  watcher.observe(document.head, { childList: true, characterData: true, subtree: true });
}

function write(): void {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const badge = total === 0 ? "" : `(${total > MOST ? `${MOST}+` : total}) `;
  const title = badge + document.title.replace(BADGE, "");
  if (title !== document.title) document.title = title;
}
