/** A profile that was saved in place changes the page around it, too: its theme and its language. */
export function wearProfile(page: Document): void {
  page.addEventListener("htmx:afterSettle", () => {
    const told = page.querySelector<HTMLElement>("#main [data-worn]");
    if (!told) return;
    const { worn = "system", spoken } = told.dataset;
    if (worn === "system") delete page.documentElement.dataset.theme;
    else page.documentElement.dataset.theme = worn;
    if (spoken) page.documentElement.lang = spoken;
  });
}
