import { beforeEach, expect, it, vi } from "vitest";
import { VolumeStore } from "./volumes";

beforeEach(() => localStorage.clear());

it("hears everybody in full until told otherwise", () => {
  expect(new VolumeStore(localStorage).get("marta")).toEqual({ volume: 1, muted: false });
});

it("keeps volume and mute apart, so that un-muting restores the level", () => {
  const store = new VolumeStore(localStorage);
  store.setVolume("marta", 0.4);
  store.setMuted("marta", true);
  store.setMuted("marta", false);
  expect(store.get("marta")).toEqual({ volume: 0.4, muted: false });
});

it("remembers, a volume of nothing too", () => {
  const store = new VolumeStore(localStorage);
  store.setVolume("marta", -1);
  store.setMuted("jonas", true);
  const again = new VolumeStore(localStorage);
  expect(again.get("marta")).toEqual({ volume: 0, muted: false });
  expect(again.get("jonas")).toEqual({ volume: 1, muted: true });
});

it("remembers the newest two hundred", () => {
  const store = new VolumeStore(localStorage);
  for (let person = 0; person < 250; person += 1) store.setVolume(`p${person}`, 0.5);
  const again = new VolumeStore(localStorage);
  expect(again.get("p49").volume).toBe(1);
  expect(again.get("p50").volume).toBe(0.5);
});

it("lives with a storage that is broken or absent", () => {
  localStorage.setItem("nonza.volumes", "{");
  expect(new VolumeStore(localStorage).get("marta").volume).toBe(1);
  const store = new VolumeStore(null);
  store.setVolume("marta", 0.2);
  expect(store.get("marta").volume).toBe(0.2);
});

it("takes nothing from the storage that is no volume", () => {
  const entries = [
    ["loud", { volume: 40, muted: false }],
    ["odd", { volume: "0.5", muted: false }],
    ["half", { volume: 0.5 }],
    ["none", null],
    7,
    ["good", { volume: 0.5, muted: true }],
  ];
  localStorage.setItem("nonza.volumes", JSON.stringify(entries));
  const store = new VolumeStore(localStorage);
  for (const id of ["loud", "odd", "half", "none"]) {
    expect(store.get(id)).toEqual({ volume: 1, muted: false });
  }
  expect(store.get("good")).toEqual({ volume: 0.5, muted: true });
  localStorage.setItem("nonza.volumes", '{"a": 1}');
  expect(new VolumeStore(localStorage).get("a").volume).toBe(1);
});

it("says whose volume changed", () => {
  const store = new VolumeStore(null);
  const listener = vi.fn();
  store.subscribe(listener);
  store.setMuted("marta", true);
  expect(listener).toHaveBeenCalledWith("marta");
});
