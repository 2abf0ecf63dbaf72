/** What is asked of the browser for a preview of the settings. */
import type { DeviceSettings } from "../types";

const WIDTHS = { 360: 640, 720: 1280, 1080: 1920 } as const;

export function microphoneConstraints(
  settings: DeviceSettings["microphone"],
  deviceId: string | undefined,
): MediaTrackConstraints {
  return {
    ...(deviceId === undefined ? {} : { deviceId: { ideal: deviceId } }),
    echoCancellation: settings.echoCancellation,
    noiseSuppression: settings.noiseSuppression,
    autoGainControl: settings.autoGainControl,
  };
}

export function cameraConstraints(
  settings: DeviceSettings["camera"],
  deviceId: string | undefined,
): MediaTrackConstraints {
  return {
    ...(deviceId === undefined ? { facingMode: "user" } : { deviceId: { ideal: deviceId } }),
    width: { ideal: WIDTHS[settings.height] },
    height: { ideal: settings.height },
  };
}
