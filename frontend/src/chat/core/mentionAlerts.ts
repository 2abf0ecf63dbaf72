/**
 * Notifications of the browser for mentions while the page is out of sight. They are asked for by a
 * press only, and kept for this browser.
 */

import { keep, readKept, storageOf } from "./kept";

export type AlertState = "unsupported" | "off" | "on" | "denied";
export type Alert = { title: string; body: string; tag: string; onPress?: () => void };

const KEY = "nonza.alerts";
const LONGEST = 140;
const listeners = new Set<() => void>();

export function onAlertState(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function alertState(): AlertState {
  if (!("Notification" in globalThis)) return "unsupported";
  if (Notification.permission === "denied") return "denied";
  const wanted = readKept(storageOf("localStorage"), KEY) === "on";
  return wanted && Notification.permission === "granted" ? "on" : "off";
}

/** After a press: the browser asks where it has not been answered yet. */
export async function switchAlerts(on: boolean): Promise<AlertState> {
  if (alertState() === "unsupported") return "unsupported";
  if (on) await Notification.requestPermission();
  keep(storageOf("localStorage"), KEY, on ? "on" : null);
  for (const listener of [...listeners]) listener();
  return alertState();
}

export function alertOf({ title, body, tag, onPress }: Alert): void {
  if (alertState() !== "on" || document.visibilityState === "visible") return;
  try {
    const shown = new Notification(title, { body: body.slice(0, LONGEST), tag });
    shown.onclick = () => {
      window.focus();
      shown.close();
      onPress?.();
    };
  } catch {
    // Some browsers of phones only let a service worker do it.
  }
}
