/** The dialogs that are open, the topmost last: whatever lies beside it cannot be reached. */

let dialogs: readonly HTMLDialogElement[] = [];
const listeners = new Set<() => void>();

/** Gives back what takes it off again. */
export function addOpenDialog(dialog: HTMLDialogElement): () => void {
  put([...dialogs, dialog]);
  return () => put(dialogs.filter((other) => other !== dialog));
}

export function topDialog(): HTMLDialogElement | null {
  return dialogs.at(-1) ?? null;
}

export function onOpenDialogs(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function put(next: readonly HTMLDialogElement[]): void {
  dialogs = next;
  for (const listener of listeners) listener();
}
