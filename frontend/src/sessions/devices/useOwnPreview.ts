/** One's own microphone and camera as the settings wish them, closed when the page goes on. */
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";

import type { DeviceSettings } from "../types";
import { cameraConstraints, microphoneConstraints } from "./constraints";
import { chosenDevices } from "./findDevice";
import { OwnPreview, type PreviewState } from "./OwnPreview";
import { useDevices } from "./useDevices";

export type OwnPreviewWishes = {
  settings: DeviceSettings;
  /** Opening may make the browser ask, so both wait for the person. */
  microphoneOn: boolean;
  cameraOn: boolean;
};

export function useOwnPreview({ settings, microphoneOn, cameraOn }: OwnPreviewWishes) {
  const [preview] = useState(() => new OwnPreview());
  const [attempt, setAttempt] = useState(0);
  const state: PreviewState = useSyncExternalStore(preview.subscribe, preview.state);
  const devices = useDevices();
  const { refresh, loaded } = devices;
  const chosen = useMemo(() => chosenDevices(devices, settings), [devices, settings]);

  useEffect(() => {
    if (!loaded) return;
    let gone = false;
    void preview
      .open({
        microphone: microphoneOn
          ? microphoneConstraints(settings.microphone, chosen.microphoneId)
          : null,
        camera: cameraOn ? cameraConstraints(settings.camera, chosen.cameraId) : null,
      })
      .then(() => {
        // Names of devices are told only after a permission.
        if (!gone) refresh();
      });
    return () => {
      gone = true;
    };
  }, [
    preview,
    loaded,
    attempt,
    microphoneOn,
    cameraOn,
    settings.microphone,
    settings.camera,
    chosen.microphoneId,
    chosen.cameraId,
    refresh,
  ]);
  useEffect(() => () => preview.close(), [preview]);

  const retry = () => {
    preview.retry();
    setAttempt((count) => count + 1);
  };
  return { ...state, devices, chosen, retry };
}
