/** A time that passes, as people write it: 24:07 or 1:02:03. */

export function writeDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown
    .map((part, place) => (place === 0 ? `${part}` : `${part}`.padStart(2, "0")))
    .join(":");
}
