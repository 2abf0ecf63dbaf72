/** Short notices of the server-made pages; their markup and their words come with the page. */
const SHOWN_FOR = 6000;

export function toastPlace(): HTMLElement | null {
  return document.getElementById("toaster");
}

/** The place is a live region: who does not see the toast hears it. */
export function showToast(words: string | undefined, tone: "bad" | "good" = "bad"): void {
  const template = document.getElementById("toast-template");
  const place = toastPlace();
  if (!words || !place || !(template instanceof HTMLTemplateElement)) return;
  const toast = template.content.firstElementChild?.cloneNode(true) as HTMLElement;
  toast.classList.toggle("nz-toast-bad", tone === "bad");
  const text = toast.querySelector<HTMLElement>(".nz-toast-words");
  if (text) text.textContent = words;
  place.replaceChildren(toast);
  setTimeout(() => toast.remove(), SHOWN_FOR);
}

/** Says something to who does not see it. */
export function announce(words: string): void {
  const region = document.getElementById("announcer");
  if (region) region.textContent = words;
}
