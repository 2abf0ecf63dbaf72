/** How much unread news the bell shows, wherever it stands. */

const MOST = 99;

export function showUnread(unread: number): void {
  for (const number of document.querySelectorAll<HTMLElement>("[data-unread-news]")) {
    number.textContent = unread > MOST ? `${MOST}+` : `${unread}`;
    number.hidden = unread === 0;
  }
}
