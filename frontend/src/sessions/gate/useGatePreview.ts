/** The gate's preview: what is switched on, what was allowed, what the browser would ask. */
import { useState } from "react";

import type { PreviewKind } from "../devices/OwnPreview";
import { mediaDevices } from "../devices/listDevices";
import { useOwnPreview } from "../devices/useOwnPreview";
import { usePermissions } from "../devices/usePermissions";
import type { DeviceSettings } from "../types";
import { recallSwitches, rememberSwitches, type Switches } from "./memory";

export function useGatePreview(settings: DeviceSettings) {
  const [switches, setSwitches] = useState(recallSwitches);
  const [pressed, setPressed] = useState(false);
  const permissions = usePermissions();
  const secure = mediaDevices() !== undefined;
  const wanted: Record<PreviewKind, boolean> = {
    microphone: secure && switches.microphoneOn,
    camera: secure && switches.cameraOn,
  };
  const mayOpen = (kind: PreviewKind) =>
    wanted[kind] && (pressed || permissions[kind] === "granted" || permissions[kind] === "denied");
  const preview = useOwnPreview({
    settings,
    microphoneOn: mayOpen("microphone"),
    cameraOn: mayOpen("camera"),
  });
  const asks = (["microphone", "camera"] as const).filter(
    (kind) => wanted[kind] && !pressed && permissions[kind] === "prompt",
  );

  const turn = (change: Partial<Switches>, { remembered = true } = {}) => {
    const next = { ...switches, ...change };
    setSwitches(next);
    if (remembered) rememberSwitches(next);
    if (change.microphoneOn || change.cameraOn) setPressed(true);
  };
  return { ...preview, wanted, asks, secure, turn, start: () => setPressed(true) };
}
