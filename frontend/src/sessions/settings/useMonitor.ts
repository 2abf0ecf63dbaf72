/** A track to show in the settings: the one the page has open, else one of their own. */
import { useState } from "react";

import type { DeviceTrouble } from "../../livekit/types";
import type { PreviewKind } from "../devices/OwnPreview";
import { useOwnPreview } from "../devices/useOwnPreview";
import { usePermissions } from "../devices/usePermissions";
import type { DeviceSettings } from "../types";

export type OpenTracks = {
  microphone: MediaStreamTrack | null;
  camera: MediaStreamTrack | null;
};

export type Monitor = {
  track: MediaStreamTrack | null;
  trouble: DeviceTrouble | null;
  /** Opens the device; absent while it is open or needs no asking. */
  start?: () => void;
};

export function useMonitor(
  kind: PreviewKind,
  settings: DeviceSettings,
  open: OpenTracks | undefined,
): Monitor {
  const given = open?.[kind] ?? null;
  const usable = given?.readyState === "live" && given.enabled;
  const permission = usePermissions()[kind];
  const [pressed, setPressed] = useState(false);
  const started = !usable && (pressed || permission === "granted");
  const own = useOwnPreview({
    settings,
    microphoneOn: started && kind === "microphone",
    cameraOn: started && kind === "camera",
  });
  if (usable) return { track: given, trouble: null };
  const { track, trouble } = own[kind];
  if (started) return { track, trouble, start: trouble ? own.retry : undefined };
  return { track: null, trouble: null, start: () => setPressed(true) };
}
