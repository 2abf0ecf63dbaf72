import { afterEach, expect, test } from "vitest";

import enCall from "./en/call";
import enChat from "./en/chat";
import enCommon from "./en/common";
import enConversation from "./en/conversation";
import enSessions from "./en/sessions";
import enSpaces from "./en/spaces";
import type { Catalogue, Message } from "./messages";
import ruCall from "./ru/call";
import ruChat from "./ru/chat";
import ruCommon from "./ru/common";
import ruConversation from "./ru/conversation";
import ruSessions from "./ru/sessions";
import ruSpaces from "./ru/spaces";
import { addMessages, currentLanguage, setLanguage, t } from "./translate";

const AREAS: [string, Catalogue, Catalogue][] = [
  ["common", enCommon, ruCommon],
  ["sessions", enSessions, ruSessions],
  ["call", enCall, ruCall],
  ["chat", enChat, ruChat],
  ["conversation", enConversation, ruConversation],
  ["spaces", enSpaces, ruSpaces],
];

function inLanguage(language: "en" | "ru", ...catalogues: Catalogue[]): void {
  setLanguage(language);
  catalogues.forEach(addMessages);
}

function namesIn(message: Message): string[] {
  const text = typeof message === "string" ? message : Object.values(message).join(" ");
  return [...new Set(text.match(/\{\w+\}/g))].sort();
}

afterEach(() => inLanguage("en", enCommon, enSessions, enCall, enChat, enSpaces));

test("names in braces are filled, numbers in the page's own way", () => {
  expect(t("sessions.devices_two", { microphone: "Headset", camera: "Webcam" })).toBe(
    "Headset, Webcam",
  );
  inLanguage("ru", ruSessions);
  expect(t("sessions.end_lasted_minutes", { count: 1200 })).toBe(
    "Она длилась 1200 минут.".replace("1200", new Intl.NumberFormat("ru").format(1200)),
  );
});

test.each([
  [1, "Слишком много попыток. Продолжить можно через 1 секунду."],
  [3, "Слишком много попыток. Продолжить можно через 3 секунды."],
  [11, "Слишком много попыток. Продолжить можно через 11 секунд."],
  [21, "Слишком много попыток. Продолжить можно через 21 секунду."],
  [40, "Слишком много попыток. Продолжить можно через 40 секунд."],
])("Russian counts %i by its plural rules", (count, words) => {
  inLanguage("ru", ruSessions);
  expect(t("sessions.gate_too_many", { count })).toBe(words);
});

test("a message that is not loaded shows its key", () => {
  inLanguage("ru");
  expect(currentLanguage()).toBe("ru");
  expect(t("common.close")).toBe("common.close");
});

test.each(AREAS)("%s: Russian has each key of English, with the same names", (area, en, ru) => {
  expect(Object.keys(ru)).toEqual(Object.keys(en));
  for (const [key, message] of Object.entries(en)) {
    expect(key.startsWith(`${area}.`)).toBe(true);
    expect([key, namesIn(ru[key]!)]).toEqual([key, namesIn(message)]);
  }
});

test.each(AREAS)("%s: Russian plurals have the forms that its numbers need", (_area, _en, ru) => {
  for (const [key, message] of Object.entries(ru)) {
    if (typeof message === "string") continue;
    expect([key, Object.keys(message).sort()]).toEqual([key, ["few", "many", "one", "other"]]);
  }
});
