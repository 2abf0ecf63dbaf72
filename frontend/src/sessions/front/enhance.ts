/** Comforts of the front page's forms; without scripts they work all the same. */
import { recallName, rememberName } from "../gate/memory";
import { formatCode } from "./code";

export function enhanceFrontPage(page: Document): void {
  const start = page.querySelector<HTMLFormElement>("form[data-start]");
  if (start) enhanceStart(start);
  const code = page.querySelector<HTMLInputElement>('form[data-code] input[name="code"]');
  if (code) enhanceCode(code);
  page.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}

function enhanceStart(form: HTMLFormElement): void {
  const name = form.querySelector<HTMLInputElement>('input[name="display_name"]');
  const button = form.querySelector<HTMLButtonElement>("button[data-busy-words]");
  if (name?.value === "") name.value = recallName();
  form.addEventListener("submit", (event) => {
    if (button?.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      return;
    }
    if (name) rememberName(name.value.trim());
    if (button) setBusy(button, true);
  });
  // Back in history shows the page as it was left: busy.
  window.addEventListener("pageshow", () => {
    if (button) setBusy(button, false);
  });
}

function setBusy(button: HTMLButtonElement, busy: boolean): void {
  button.setAttribute("aria-busy", String(busy));
  const [words, busyWords] = button.querySelectorAll<HTMLElement>("[data-shown]");
  show(words, !busy);
  show(busyWords, busy);
}

function show(words: HTMLElement | undefined, shown: boolean): void {
  if (!words) return;
  words.dataset.shown = String(shown);
  words.toggleAttribute("aria-hidden", false);
  if (!shown) words.setAttribute("aria-hidden", "true");
}

function enhanceCode(field: HTMLInputElement): void {
  field.addEventListener("input", (event) => {
    const inMiddle = field.selectionStart !== field.value.length;
    // Taking a letter away must not put its dash back.
    if (inMiddle || (event as InputEvent).inputType.startsWith("delete")) return;
    const formatted = formatCode(field.value);
    // A half-typed link is left alone until it is whole.
    if (/[/:]/.test(field.value) && !isWhole(formatted)) return;
    field.value = formatted;
  });
  field.addEventListener("change", () => {
    if (field.value.trim() !== "") field.value = formatCode(field.value);
  });
}

function isWhole(code: string): boolean {
  return /^\w{4}-\w{4}-\w{4}$/.test(code);
}
