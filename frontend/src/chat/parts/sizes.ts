/** Sizes of files, as people read them. */
import { currentLanguage } from "../../i18n/translate";

const STEP = 1000;
const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"];

/** "48 kB" */
export function sizeWords(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= STEP && unit < UNITS.length - 1) {
    value /= STEP;
    unit += 1;
  }
  return new Intl.NumberFormat(currentLanguage(), {
    style: "unit",
    unit: UNITS[unit],
    unitDisplay: unit === 0 ? "long" : "short",
    maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0,
  }).format(value);
}
