import { expect, test } from "vitest";

import { chosenDevices, findDevice, labelled, type Device } from "./findDevice";
import { DEFAULT_SETTINGS } from "./settings";

const device = (deviceId: string, label: string): Device => ({
  deviceId,
  label,
  kind: "audioinput",
});
const HEADSET = device("b", "Headset");
const devices = [device("a", "Built-in"), HEADSET];

test("a device is found by its id", () => {
  expect(findDevice(devices, { id: "b", label: "Renamed" })).toBe(HEADSET);
});

test("a device with a new id is found by its label", () => {
  expect(findDevice(devices, { id: "gone", label: "Headset" })).toBe(HEADSET);
});

test("an unplugged device leaves the choice to the system", () => {
  expect(findDevice(devices, { id: "gone", label: "Gone" })).toBeUndefined();
  expect(findDevice([device("x", "")], { id: "gone", label: "" })).toBeUndefined();
  expect(findDevice(devices, null)).toBeUndefined();
});

test("the choice for the call names the devices that are there", () => {
  const settings = {
    ...DEFAULT_SETTINGS,
    microphone: { ...DEFAULT_SETTINGS.microphone, device: { id: "old", label: "Headset" } },
  };
  expect(chosenDevices({ microphones: devices, cameras: [], speakers: [] }, settings)).toEqual({
    microphoneId: "b",
    cameraId: undefined,
    speakerId: undefined,
  });
});

test("the system's choice is told by its label", () => {
  expect(labelled(devices, "Default - Headset")).toBe(HEADSET);
  expect(labelled(devices, undefined)).toBeUndefined();
});
