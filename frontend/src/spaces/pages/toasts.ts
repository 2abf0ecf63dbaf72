/** Short notices of the server-made pages; their words come with the page, and one place shows all toasts. */
import { showToast as show } from "../../ui/toasts";

export function toastPlace(): HTMLElement | null {
  return document.getElementById("toaster");
}

export function showToast(words: string | undefined, tone: "bad" | "good" = "bad"): void {
  if (!words) return;
  const isBad = tone === "bad";
  show({
    key: "page",
    words,
    tone: isBad ? "bad" : "neutral",
    urgency: isBad ? "assertive" : "polite",
  });
}

/** What the server has said in the page is shown and told with all other toasts, so that none lies over another. */
export function takeToasts(page: Document): void {
  for (const toast of page.querySelectorAll("#main [data-toast]")) {
    show({ words: toast.textContent.trim() });
    toast.remove();
  }
}

/** Says something to who does not see it. */
export function announce(words: string): void {
  const region = document.getElementById("announcer");
  if (region) region.textContent = words;
}
