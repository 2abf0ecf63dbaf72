/** Finds the remembered device among those that are there now. */
import type { ChosenDevices, DeviceSettings, RememberedDevice } from "../types";

export type Device = Pick<MediaDeviceInfo, "deviceId" | "label" | "kind"> & {
  /** The same for all that one thing can do: microphone and speaker of a headset. */
  groupId?: string;
};
export type Devices = {
  microphones: readonly Device[];
  cameras: readonly Device[];
  speakers: readonly Device[];
  /** What the browser calls the system's choices, where it tells. */
  systemMicrophone?: string;
  systemSpeaker?: string;
};

/**
 * By id, else by label: browsers give new ids when their storage is cleared, and a headset in
 * another socket keeps its label. Undefined: the system's choice.
 */
export function findDevice(
  devices: readonly Device[],
  remembered: RememberedDevice | null,
): Device | undefined {
  if (!remembered) return undefined;
  return (
    devices.find((device) => device.deviceId === remembered.id) ??
    devices.find((device) => device.label !== "" && device.label === remembered.label)
  );
}

export function chosenDevices(devices: Devices, settings: DeviceSettings): ChosenDevices {
  return {
    microphoneId: findDevice(devices.microphones, settings.microphone.device)?.deviceId,
    cameraId: findDevice(devices.cameras, settings.camera.device)?.deviceId,
    speakerId: findDevice(devices.speakers, settings.speaker.device)?.deviceId,
  };
}

/** Which of the devices a label speaks of, "Default - Headset" say. */
export function labelled(
  devices: readonly Device[],
  label: string | undefined,
): Device | undefined {
  if (!label) return undefined;
  return devices.find((device) => label.endsWith(device.label));
}
