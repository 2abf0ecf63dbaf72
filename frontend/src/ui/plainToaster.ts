/** Shows toasts and tells screen readers of them on pages without React, until React takes over. */
import { onAnnouncement } from "./announcements";
import { currentToasts, dismissToast, onToasts, type Toast } from "./toasts";
import { t } from "../i18n/translate";

const SHOWN = 5000;

/** Gives back what takes it away again. */
export function startPlainToaster(): () => void {
  const toaster = part("nz-toaster");
  const polite = part("sr-only");
  const assertive = part("sr-only");
  polite.setAttribute("aria-live", "polite");
  assertive.setAttribute("aria-live", "assertive");
  const cards = new Map<number, HTMLElement>();
  const draw = () => {
    const toasts = currentToasts();
    for (const [id, card] of cards) {
      if (toasts.some((toast) => toast.id === id)) continue;
      card.remove();
      cards.delete(id);
    }
    for (const toast of toasts) {
      if (cards.has(toast.id)) continue;
      const card = cardOf(toast);
      cards.set(toast.id, card);
      toaster.append(card);
    }
  };
  const offs = [
    onToasts(draw),
    onAnnouncement((urgency, words) => say(urgency === "polite" ? polite : assertive, words)),
  ];
  draw();
  return () => {
    for (const off of offs) off();
    for (const element of [toaster, polite, assertive]) element.remove();
  };
}

function part(className: string): HTMLElement {
  const element = document.createElement("div");
  element.className = className;
  document.body.append(element);
  return element;
}

/** A new element each time: the same words twice are read twice. */
function say(region: HTMLElement, words: string): void {
  const said = document.createElement("p");
  said.textContent = words;
  region.replaceChildren(said);
}

function cardOf(toast: Toast): HTMLElement {
  const card = document.createElement("div");
  card.className = toast.tone === "bad" ? "nz-toast nz-toast-bad" : "nz-toast";
  const words = document.createElement("span");
  words.className = "nz-toast-words";
  words.textContent = toast.words;
  const acts = document.createElement("span");
  acts.className = "nz-toast-acts";
  const actions = toast.actions ?? [];
  acts.append(
    ...actions.map(({ label, primary, onChoose }) =>
      key(label, primary ? "primary" : "quiet", () => {
        dismissToast(toast.id);
        onChoose();
      }),
    ),
    ...(actions.length > 0 && !toast.lasting
      ? []
      : [key(t("common.dismiss"), "quiet", () => dismissToast(toast.id))]),
  );
  card.append(words, acts);
  if (!toast.lasting) countDown(card, toast.id);
  return card;
}

function key(label: string, kind: string, press: () => void): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = `nz-button nz-button-sm nz-button-${kind}`;
  button.textContent = label;
  button.addEventListener("click", press);
  return button;
}

/** Its five seconds count only while nobody points at it or is in it. */
function countDown(card: HTMLElement, id: number): void {
  let left = SHOWN;
  let startedAt = Date.now();
  let timer = setTimeout(() => dismissToast(id), left);
  const hold = () => {
    clearTimeout(timer);
    left -= Date.now() - startedAt;
  };
  const goOn = () => {
    clearTimeout(timer);
    startedAt = Date.now();
    timer = setTimeout(() => dismissToast(id), left);
  };
  card.addEventListener("pointerenter", hold);
  card.addEventListener("focusin", hold);
  card.addEventListener("pointerleave", goOn);
  card.addEventListener("focusout", goOn);
}
