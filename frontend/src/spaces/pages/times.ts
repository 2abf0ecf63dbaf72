/** Tells moments in the person's own zone and language, and how long ago the recent ones were. */
const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
];

export function tellTimes(page: Document, now = Date.now()): void {
  const language = page.documentElement.lang || "en";
  const day = new Intl.DateTimeFormat(language, { dateStyle: "medium" });
  const exact = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  for (const time of page.querySelectorAll<HTMLTimeElement>("time[data-when]")) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    time.title = exact.format(moment);
    const near = time.dataset.near === "true";
    time.textContent = near ? relative(moment.getTime() - now, language) : day.format(moment);
  }
}

function relative(milliseconds: number, language: string): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  for (const [unit, length] of UNITS) {
    const number = Math.trunc(milliseconds / length);
    if (number !== 0 || unit === "second") return format.format(number, unit);
  }
  return "";
}
