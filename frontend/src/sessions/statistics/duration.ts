/** Lengths of time in the page's language: "40 sec", "47 min", "1 hr 12 min". */
import { currentLanguage } from "../../i18n/translate";

export function duration(seconds: number): string {
  if (seconds < 60) return inUnit(Math.round(seconds), "second");
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return inUnit(minutes, "minute");
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [inUnit(hours, "hour"), ...(rest > 0 ? [inUnit(rest, "minute")] : [])].join(" ");
}

export function percent(share: number): string {
  return new Intl.NumberFormat(currentLanguage(), { style: "percent" }).format(share);
}

function inUnit(amount: number, unit: "second" | "minute" | "hour"): string {
  const format = { style: "unit", unit, unitDisplay: "short" } as const;
  return new Intl.NumberFormat(currentLanguage(), format).format(amount);
}
