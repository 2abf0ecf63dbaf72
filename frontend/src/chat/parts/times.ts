/** Moments of a conversation in the reader's own language and zone. */
import { currentLanguage, t } from "../../i18n/translate";

const DAY = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** "9:12" */
export function timeOf(moment: string): string {
  return format({ timeStyle: "short" }).format(new Date(moment));
}

/** "20 November 2026 at 9:12" */
export function momentOf(moment: string): string {
  return format({ dateStyle: "long", timeStyle: "short" }).format(new Date(moment));
}

/** The day in the reader's zone, "2026-11-20": what is the same day has the same one. */
export function dayOf(moment: string | Date): string {
  const date = new Date(moment);
  const two = (number: number) => `${number}`.padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** "Today", "Yesterday", "Friday, 20 November" */
export function dayWords(moment: string, now = Date.now()): string {
  const day = dayOf(moment);
  if (day === dayOf(new Date(now))) return t("conversation.today");
  if (day === dayOf(new Date(now - DAY))) return t("conversation.yesterday");
  const date = new Date(moment);
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  const words = format({
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(sameYear ? {} : { year: "numeric" }),
  }).format(date);
  // Russian writes days of the week small; a line of its own begins with a capital.
  return words.charAt(0).toLocaleUpperCase(currentLanguage()) + words.slice(1);
}

/** Where a day begins in the reader's zone, ISO. */
export function startOfDay(daysAgo: number, now = Date.now()): string {
  const date = new Date(now);
  date.setHours(0, 0, 0, 0);
  date.setDate(date.getDate() - daysAgo);
  return date.toISOString();
}

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = currentLanguage() + JSON.stringify(options);
  const known = formats.get(key) ?? new Intl.DateTimeFormat(currentLanguage(), options);
  formats.set(key, known);
  return known;
}
