/** Lets buttons of server-made pages open the dialog that their `data-opens` names. */
export function enhanceDialogs(page: Document): void {
  for (const button of page.querySelectorAll<HTMLElement>("[data-opens]")) {
    const dialog = page.getElementById(button.dataset.opens ?? "");
    if (!(dialog instanceof HTMLDialogElement)) continue;
    button.addEventListener("click", () => dialog.showModal());
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
  }
}
