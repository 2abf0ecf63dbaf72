/** Which reactions one gave lately, the latest first: they are offered first. */

const KEY = "nonza.emoji";
const KEPT = 24;
export const QUICK = ["👍️", "❤️", "😂", "🎉", "👀", "🙏"];

export function recentEmoji(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

export function rememberEmoji(emoji: string): void {
  const kept = [emoji, ...recentEmoji().filter((other) => other !== emoji)].slice(0, KEPT);
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // A full or forbidden store only forgets.
  }
}

/** The six that are one press away: one's own recent ones, then the usual. */
export function quickEmoji(): string[] {
  return [...new Set([...recentEmoji(), ...QUICK])].slice(0, QUICK.length);
}
