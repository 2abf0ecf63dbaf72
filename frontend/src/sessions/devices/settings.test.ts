import { expect, test } from "vitest";

import { DEFAULT_SETTINGS, readSettings, writeSettings } from "./settings";

test("settings come back as they were kept", () => {
  const settings = {
    ...DEFAULT_SETTINGS,
    camera: {
      device: { id: "c", label: "Webcam" },
      height: 1080 as const,
      mirror: false,
      blur: true,
    },
    speaker: { device: null, volume: 0 },
    received: "audio_only" as const,
  };
  writeSettings(settings);
  expect(readSettings()).toEqual(settings);
});

test.each(["not json", "null", '{"version":9}', '{"version":1,"camera":{"height":4000}}'])(
  "%s is read as the defaults",
  (kept) => {
    localStorage.setItem("nonza.devices", kept);
    expect(readSettings()).toEqual(DEFAULT_SETTINGS);
  },
);
