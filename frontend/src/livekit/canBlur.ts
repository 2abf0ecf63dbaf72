/** Whether this browser can blur a background at all, found out without loading anything. */

export function canBlur(): boolean {
  const needed = ["OffscreenCanvas", "VideoFrame", "createImageBitmap"];
  if (!needed.every((name) => name in window)) return false;
  const sends =
    "MediaStreamTrackGenerator" in window || "captureStream" in HTMLCanvasElement.prototype;
  return sends && document.createElement("canvas").getContext("webgl2") !== null;
}
