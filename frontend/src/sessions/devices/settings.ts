/** Sound and picture settings as this browser remembers them. */
import type { DeviceSettings, RememberedDevice } from "../types";
import { recall, remember } from "./storage";

const KEY = "nonza.devices";
const VERSION = 1;

export const DEFAULT_SETTINGS: DeviceSettings = {
  microphone: {
    device: null,
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    talkKey: "Space",
  },
  speaker: { device: null, volume: 1 },
  camera: { device: null, height: 720, mirror: true, blur: false },
  received: "automatic",
  share: "text",
};

/** Reads the settings; what is missing or of an unknown shape is as by default. */
export function readSettings(): DeviceSettings {
  const kept = objectOf(recall(KEY));
  if (kept.version !== VERSION) return DEFAULT_SETTINGS;
  const microphone = objectOf(kept.microphone);
  const speaker = objectOf(kept.speaker);
  const camera = objectOf(kept.camera);
  const normal = DEFAULT_SETTINGS;
  return {
    microphone: {
      device: deviceOf(microphone.device),
      echoCancellation: flagOf(microphone.echoCancellation, normal.microphone.echoCancellation),
      noiseSuppression: flagOf(microphone.noiseSuppression, normal.microphone.noiseSuppression),
      autoGainControl: flagOf(microphone.autoGainControl, normal.microphone.autoGainControl),
      talkKey: oneOf(
        microphone.talkKey,
        ["off", "Space", "Backquote"] as const,
        normal.microphone.talkKey,
      ),
    },
    speaker: { device: deviceOf(speaker.device), volume: volumeOf(speaker.volume) },
    camera: {
      device: deviceOf(camera.device),
      height: oneOf(camera.height, [360, 720, 1080] as const, normal.camera.height),
      mirror: flagOf(camera.mirror, normal.camera.mirror),
      blur: flagOf(camera.blur, normal.camera.blur),
    },
    received: oneOf(
      kept.received,
      ["automatic", "low_data", "audio_only"] as const,
      normal.received,
    ),
    share: oneOf(kept.share, ["text", "motion"] as const, normal.share),
  };
}

export function writeSettings(settings: DeviceSettings): void {
  remember(KEY, { version: VERSION, ...settings });
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function deviceOf(value: unknown): RememberedDevice | null {
  const { id, label } = objectOf(value);
  return typeof id === "string" && typeof label === "string" ? { id, label } : null;
}

function flagOf(value: unknown, normal: boolean): boolean {
  return typeof value === "boolean" ? value : normal;
}

function volumeOf(value: unknown): number {
  return typeof value === "number" && value >= 0 && value <= 1 ? value : 1;
}

function oneOf<Value>(value: unknown, allowed: readonly Value[], normal: Value): Value {
  return allowed.find((candidate) => candidate === value) ?? normal;
}
