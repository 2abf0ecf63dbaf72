/** Keeps what a reload needs to come straight back; who leaves or is sent away is forgotten. */

import { useEffect } from "react";
import type { CallSnapshot } from "../livekit/types";
import { forgetPresence, rememberPresence } from "../sessions/presence";

const EVERY = 10_000;

export function usePresence(slug: string, snapshot: CallSnapshot): void {
  const microphoneOn = snapshot.microphone.on;
  const cameraOn = snapshot.camera.on;
  useEffect(() => {
    const remember = () => rememberPresence(slug, { microphoneOn, cameraOn });
    remember();
    const timer = setInterval(remember, EVERY);
    addEventListener("pagehide", remember);
    return () => {
      clearInterval(timer);
      removeEventListener("pagehide", remember);
    };
  }, [slug, microphoneOn, cameraOn]);
  useEffect(() => forgetPresence, []);
}
