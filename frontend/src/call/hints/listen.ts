/** What hears one's own microphone along; it comes after the call itself. */

import { MicrophoneEar } from "./MicrophoneEar";
import { MicrophoneHints } from "./MicrophoneHints";
import type { MicrophoneHintsOptions } from "./MicrophoneHints";

/** Gives back how to stop. */
export function listenAlong(options: Omit<MicrophoneHintsOptions, "listenTo">): () => void {
  const hints = new MicrophoneHints({
    ...options,
    listenTo: (track) => new MicrophoneEar(track),
  });
  hints.start();
  return () => hints.stop();
}
