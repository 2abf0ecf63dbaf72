import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { DEFAULT_SETTINGS } from "../devices/settings";
import type { DeviceSettings } from "../types";
import { SettingsPanel } from "./SettingsPanel";

const device = (kind: MediaDeviceKind, label: string) => ({ kind, label, deviceId: label });
const devices = [
  device("audioinput", "Headset"),
  device("audiooutput", "Loudspeaker"),
  device("videoinput", "Webcam"),
];
const getUserMedia = vi.fn<(asked: MediaStreamConstraints) => Promise<MediaStream>>();
let settings: DeviceSettings;
let blurOffered = false;

beforeEach(() => {
  getUserMedia.mockReset().mockRejectedValue(Object.assign(new Error(), { name: "NotFoundError" }));
  HTMLMediaElement.prototype.setSinkId = vi.fn();
  vi.stubGlobal("matchMedia", () => ({ matches: true }));
  Object.defineProperty(navigator, "mediaDevices", {
    configurable: true,
    value: {
      getUserMedia,
      enumerateDevices: () => Promise.resolve(devices),
      addEventListener: vi.fn(),
      removeEventListener: vi.fn(),
    },
  });
  Object.defineProperty(navigator, "permissions", {
    configurable: true,
    value: { query: () => Promise.resolve({ state: "prompt", addEventListener: vi.fn() }) },
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function Held() {
  const [held, setHeld] = useState(DEFAULT_SETTINGS);
  const change = (next: DeviceSettings) => {
    settings = next;
    setHeld(next);
  };
  return (
    <SettingsPanel settings={held} onChange={change} onClose={vi.fn()} blurOffered={blurOffered} />
  );
}

async function open(tab?: string) {
  render(<Held />);
  await act(() => Promise.resolve());
  if (tab) await userEvent.click(screen.getByRole("tab", { name: tab }));
}

test("microphone: device, and what the browser does to the sound", async () => {
  await open();
  await userEvent.selectOptions(screen.getByRole("combobox", { name: "Microphone" }), "Headset");
  for (const element of screen.getAllByRole("switch")) await userEvent.click(element);
  expect(settings.microphone).toEqual({
    device: { id: "Headset", label: "Headset" },
    echoCancellation: false,
    noiseSuppression: false,
    autoGainControl: false,
    talkKey: "Space",
  });
});

test("the key that one holds to talk", async () => {
  await open();
  const choice = screen.getByRole("combobox", { name: "Hold to talk" });
  expect(choice).toHaveProperty("value", "Space");
  await userEvent.selectOptions(choice, "Off");
  expect(settings.microphone.talkKey).toBe("off");
});

test("a microphone is opened when asked to, as the settings wish it", async () => {
  await open();
  await userEvent.click(screen.getByRole("switch", { name: /echo/i }));
  expect(getUserMedia).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole("button", { name: "Turn on the microphone" }));
  expect(getUserMedia).toHaveBeenCalledWith({
    audio: { echoCancellation: false, noiseSuppression: true, autoGainControl: true },
    video: false,
  });
  expect(await screen.findByText(/No microphone found/)).toBeTruthy();
});

test("speaker: device and volume", async () => {
  await open();
  const choice = screen.getByRole("combobox", { name: "Speaker" });
  await userEvent.selectOptions(choice, "Loudspeaker");
  fireEvent.change(screen.getByRole("slider"), { target: { value: "40" } });
  expect(settings.speaker).toEqual({
    device: { id: "Loudspeaker", label: "Loudspeaker" },
    volume: 0.4,
  });
});

test("camera: device, size and mirror", async () => {
  await open("Camera");
  await userEvent.selectOptions(screen.getByRole("combobox", { name: "Camera" }), "Webcam");
  const [, size] = screen.getAllByRole("combobox");
  await userEvent.selectOptions(size!, "1080");
  await userEvent.click(screen.getByRole("switch"));
  expect(settings.camera).toEqual({
    device: { id: "Webcam", label: "Webcam" },
    height: 1080,
    mirror: false,
    blur: false,
  });
});

test("blur is a switch where the operator and the browser have it, and nothing where not", async () => {
  blurOffered = true;
  await open("Camera");
  expect(screen.queryByRole("switch", { name: /Blur/ })).toBeNull();
  cleanup();
  for (const name of ["OffscreenCanvas", "VideoFrame", "createImageBitmap"]) {
    vi.stubGlobal(name, vi.fn());
  }
  vi.stubGlobal("MediaStreamTrackGenerator", vi.fn());
  HTMLCanvasElement.prototype.getContext = vi.fn(() => ({})) as never;
  await open("Camera");
  await userEvent.click(screen.getByRole("switch", { name: /Blur/ }));
  expect(settings.camera.blur).toBe(true);
  cleanup();
  blurOffered = false;
  await open("Camera");
  expect(screen.queryByRole("switch", { name: /Blur/ })).toBeNull();
});

test("quality: what one receives, and how a screen is shared", async () => {
  await open("Quality");
  const [, low, sound, , motion] = screen.getAllByRole("radio");
  await userEvent.click(low!);
  expect(settings.received).toBe("low_data");
  await userEvent.click(sound!);
  await userEvent.click(motion!);
  expect(settings).toMatchObject({ received: "audio_only", share: "motion" });
});
