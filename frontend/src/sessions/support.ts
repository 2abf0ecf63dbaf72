/** Whether this browser can hold a call at all. */
import type { EndReason } from "./types";

/** Phones and tablets alone have none; who plugs one in has a pointer, too. */
export function hasKeyboard(): boolean {
  return matchMedia("(any-hover: hover)").matches;
}

/** Null: it can. A page without camera and microphone may still watch and listen. */
export function missingSupport(): EndReason | null {
  const needed = ["RTCPeerConnection", "WebSocket", "MediaStream", "HTMLDialogElement"];
  if (needed.every((name) => name in window)) return null;
  // Some browsers hide calls, not only devices, from pages they do not take for secure.
  return { kind: window.isSecureContext ? "unsupported" : "insecure" };
}
