/** Makes settings hold at once in the running call, also when a device comes or goes. */

import { useEffect } from "react";
import type { MediaCall } from "../livekit/types";
import { chosenDevices } from "../sessions/devices/findDevice";
import { useDevices } from "../sessions/devices/useDevices";
import type { DeviceSettings } from "../sessions/types";
import { mediaSettings } from "./mediaSettings";

export function useApplySettings(
  call: MediaCall,
  settings: DeviceSettings,
  blurModel: string | null,
): void {
  const devices = useDevices();
  useEffect(() => {
    if (!devices.loaded) return;
    call.applySettings(mediaSettings(settings, chosenDevices(devices, settings), blurModel));
  }, [call, settings, devices, blurModel]);
}
