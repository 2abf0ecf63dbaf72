/** What screen readers are told: at once if it presses, else at most every three seconds. */

export type Urgency = "polite" | "assertive";
type Listener = (urgency: Urgency, words: string) => void;

const PAUSE = 3000;

const listeners = new Set<Listener>();
let waiting: string[] = [];
let spokenAt = -Infinity;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says the words to whoever cannot see them. Polite words in a row are said together. */
export function announce(words: string, urgency: Urgency = "polite"): void {
  if (urgency === "assertive") {
    tell("assertive", words);
    return;
  }
  if (waiting.at(-1) !== words) waiting.push(words);
  timer ??= setTimeout(say, Math.max(0, spokenAt + PAUSE - Date.now()));
}

export function onAnnouncement(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function say(): void {
  timer = undefined;
  spokenAt = Date.now();
  const words = waiting.join(" ");
  waiting = [];
  tell("polite", words);
}

function tell(urgency: Urgency, words: string): void {
  for (const listener of listeners) listener(urgency, words);
}
