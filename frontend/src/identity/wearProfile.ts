/**
 * A profile that was saved in place changes the page around it, too: its theme and its language. Words in
 * another language come with a page that is loaded as a whole, which waits while a call goes on.
 */
export function wearProfile(page: Document, reload = () => location.reload()): void {
  page.addEventListener("htmx:afterSettle", () => {
    const told = page.querySelector<HTMLElement>("#main [data-worn]");
    if (!told) return;
    const { worn = "system", spoken } = told.dataset;
    const root = page.documentElement;
    if (worn === "system") delete root.dataset.theme;
    else root.dataset.theme = worn;
    if (!spoken || spoken === root.lang) return;
    const dock = page.getElementById("call-dock");
    if (dock?.hasAttribute("data-call")) dock.lang ||= root.lang;
    else reload();
    root.lang = spoken;
  });
}
