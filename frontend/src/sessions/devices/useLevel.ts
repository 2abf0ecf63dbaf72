/** How loud a microphone's track is, 0 to 1, twenty times a second. */
import { useEffect, useState } from "react";

import { releaseSoundContext, takeSoundContext } from "./soundContext";

const EVERY = 50;
const STEPS = 27;
/** Decibels below full scale that count as nothing and as full. */
const QUIET = -62;
const LOUD = -14;

/** Null while the browser does not let us listen: it waits for a press somewhere on the page. */
export function useLevel(track: MediaStreamTrack | null): number | null {
  const [level, setLevel] = useState<number | null>(null);
  useEffect(() => {
    if (!track) return;
    const context = takeSoundContext();
    const source = context.createMediaStreamSource(new MediaStream([track]));
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    source.connect(analyser);
    const wave = new Float32Array(analyser.fftSize);
    const wake = () => void context.resume();
    wake();
    document.addEventListener("pointerdown", wake);
    document.addEventListener("keydown", wake);
    const timer = setInterval(() => {
      if (context.state !== "running") return;
      analyser.getFloatTimeDomainData(wave);
      // In steps, so that a small change paints nothing.
      setLevel(Math.round(loudness(wave) * STEPS) / STEPS);
    }, EVERY);
    return () => {
      clearInterval(timer);
      document.removeEventListener("pointerdown", wake);
      document.removeEventListener("keydown", wake);
      source.disconnect();
      releaseSoundContext();
      setLevel(null);
    };
  }, [track]);
  return level;
}

export function loudness(wave: Float32Array): number {
  let sum = 0;
  for (const value of wave) sum += value * value;
  const decibels = 10 * Math.log10(sum / wave.length);
  return Math.min(1, Math.max(0, (decibels - QUIET) / (LOUD - QUIET)));
}
