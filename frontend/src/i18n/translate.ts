/** Words of the page in its language: `t("call.muted", { name })`. */
import type { Catalogue, Message, MessageKey, ValuesOf } from "./messages";

export type Language = "en" | "ru";

let language: Language = "en";
let plurals = new Intl.PluralRules(language);
let numbers = new Intl.NumberFormat(language);
const messages = new Map<string, Message>();

/** Chooses the language of the page; it stays until the page is loaded again. */
export function setLanguage(chosen: Language): void {
  language = chosen;
  plurals = new Intl.PluralRules(chosen);
  numbers = new Intl.NumberFormat(chosen);
  messages.clear();
}

export function currentLanguage(): Language {
  return language;
}

export function addMessages(catalogue: Catalogue): void {
  for (const [key, message] of Object.entries(catalogue)) messages.set(key, message);
}

/** The message in the page's language, its braces filled; counted messages take `count`. */
export function t<Key extends MessageKey>(key: Key, ...values: ValuesOf<Key>): string {
  const message = messages.get(key);
  if (message === undefined) return key;
  const given: Record<string, string | number> = values[0] ?? {};
  return fill(formOf(message, given), given);
}

function formOf(message: Message, given: Record<string, string | number>): string {
  if (typeof message === "string") return message;
  return message[plurals.select(Number(given.count))] ?? message.other;
}

function fill(text: string, given: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (braces, name: string) => {
    const value = given[name];
    if (value === undefined) return braces;
    return typeof value === "number" ? numbers.format(value) : value;
  });
}
