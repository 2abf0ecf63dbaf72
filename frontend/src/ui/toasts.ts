/** The toasts that are on the page: a quiet one goes after five seconds, others when answered. */
import type { ReactNode } from "react";

import { announce, type Urgency } from "./announcements";

export type ToastAction = { label: string; primary?: boolean; onChoose: () => void };

export type ToastRequest = {
  words: string;
  icon?: ReactNode;
  tone?: "neutral" | "bad";
  actions?: readonly ToastAction[];
  /** Stays until it is answered or dismissed. */
  lasting?: boolean;
  urgency?: Urgency;
  /** A later toast with the same key takes the place of the earlier one. */
  key?: string;
};

export type Toast = ToastRequest & { id: number };

const MOST = 3;
let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

/** Shows a toast and tells screen readers; gives back what takes it away. It never takes focus. */
export function showToast(request: ToastRequest): () => void {
  const toast = { ...request, id: ++lastId };
  const others = toasts.filter((other) => request.key === undefined || other.key !== request.key);
  put([...others, toast].slice(-MOST));
  announce(request.words, request.urgency ?? "polite");
  return () => dismissToast(toast.id);
}

export function dismissToast(id: number): void {
  put(toasts.filter((toast) => toast.id !== id));
}

export function currentToasts(): readonly Toast[] {
  return toasts;
}

export function onToasts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function put(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}
