/** Comforts on server-made pages: copying a link, a choice that sends itself. All work without them too. */
import { announce, showToast } from "./toasts";

export function startComforts(page: Document): void {
  page.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const copy = target?.closest<HTMLElement>("[data-copy]");
    if (copy) void copyFrom(copy);
    // A disabled submit button would lose the focus; this one keeps it and does nothing.
    if (target?.closest('button[aria-disabled="true"]')) event.preventDefault();
  });
  page.addEventListener("change", (event) => {
    const choice = event.target;
    if (choice instanceof HTMLSelectElement && choice.matches("[data-autosubmit]")) {
      choice.form?.requestSubmit();
    }
  });
}

/** Says what a search found, when the list under it has changed. */
export function announceFound(page: Document): void {
  const words = page.querySelector<HTMLElement>("[data-found]")?.dataset.found;
  if (words && page.activeElement?.matches("[data-search]")) announce(words);
}

async function copyFrom(button: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(button.dataset.copy ?? "");
    showToast(button.dataset.copied, "good");
  } catch {
    // Where the browser forbids it, one copies by hand.
    showToast(button.dataset.copy, "good");
  }
}
