/** Turns what a person chose into what the media are asked for. */

import type { MediaSettings } from "../livekit/types";
import type { ChosenDevices, DeviceSettings } from "../sessions/types";

/** `blurModel`: its address, null where blur is not offered. */
export function mediaSettings(
  settings: DeviceSettings,
  devices: ChosenDevices,
  blurModel: string | null,
): MediaSettings {
  const { microphone, camera, speaker } = settings;
  return {
    microphone: {
      deviceId: devices.microphoneId,
      echoCancellation: microphone.echoCancellation,
      noiseSuppression: microphone.noiseSuppression,
      autoGainControl: microphone.autoGainControl,
    },
    camera: {
      deviceId: devices.cameraId,
      height: camera.height,
      blur: camera.blur ? blurModel : null,
    },
    speaker: { deviceId: devices.speakerId, volume: speaker.volume },
    received: settings.received,
    share: settings.share,
  };
}
