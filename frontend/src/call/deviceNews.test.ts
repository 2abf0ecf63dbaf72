import { expect, it } from "vitest";
import type { Device, Devices } from "../sessions/devices/findDevice";
import { DEFAULT_SETTINGS } from "../sessions/devices/settings";
import { deviceNews } from "./deviceNews";

const device = (kind: MediaDeviceKind, label: string, groupId = label): Device => ({
  kind,
  label,
  groupId,
  deviceId: `${kind} ${label}`,
});
const desk: Devices = {
  microphones: [device("audioinput", "Desk")],
  cameras: [device("videoinput", "Webcam (046d:0825)")],
  speakers: [device("audiooutput", "Monitor")],
  systemMicrophone: "Default - Desk",
  systemSpeaker: "Default - Monitor",
};
const headset = {
  microphone: device("audioinput", "Headset", "h"),
  speaker: device("audiooutput", "Headset", "h"),
};
const withHeadset: Devices = {
  ...desk,
  microphones: [...desk.microphones, headset.microphone],
  speakers: [...desk.speakers, headset.speaker],
};
const used = (microphone: string[], speaker: string[] = [], camera: string[] = []) => ({
  microphone: new Set(microphone),
  speaker: new Set(speaker),
  camera: new Set(camera),
});

it("tells of a headset once, as microphone and speaker", () => {
  expect(deviceNews(desk, withHeadset, used(["Desk"]), DEFAULT_SETTINGS)).toEqual([
    { what: "came", name: "Headset", devices: headset },
  ]);
});

it("knows the remembered device again, under a new id too", () => {
  const remembered = { id: "an older id", label: "Headset" };
  const settings = {
    ...DEFAULT_SETTINGS,
    microphone: { ...DEFAULT_SETTINGS.microphone, device: remembered },
  };
  expect(deviceNews(desk, withHeadset, used([]), settings)).toMatchObject([{ what: "back" }]);
});

it("tells once what is lost, and what takes its place", () => {
  const news = deviceNews(withHeadset, desk, used(["Headset"], ["Headset"]), DEFAULT_SETTINGS);
  expect(news).toEqual([{ what: "lost", name: "Headset", other: "Desk" }]);
});

it("knows that the system's choice was the lost one", () => {
  const news = deviceNews(withHeadset, desk, used(["Default - Headset"]), DEFAULT_SETTINGS);
  expect(news).toMatchObject([{ what: "lost", name: "Headset" }]);
});

it("says when nothing is left", () => {
  const none = { ...desk, cameras: [] };
  const news = deviceNews(desk, none, used([], [], ["Webcam (046d:0825)"]), DEFAULT_SETTINGS);
  expect(news).toEqual([{ what: "lost", name: "Webcam", other: null }]);
});

it("has no news of what nobody used, and none where nothing changed", () => {
  expect(deviceNews(withHeadset, desk, used(["Desk"]), DEFAULT_SETTINGS)).toEqual([]);
  expect(deviceNews(desk, desk, used(["Desk"]), DEFAULT_SETTINGS)).toEqual([]);
});
