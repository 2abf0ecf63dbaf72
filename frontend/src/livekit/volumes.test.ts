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
  expect(again.isChanged("lena")).toBe(false);
});

it("remembers the newest two hundred", () => {
  const store = new VolumeStore(localStorage);
  for (let person = 0; person < 250; person += 1) store.setVolume(`p${person}`, 0.5);
  const again = new VolumeStore(localStorage);
  expect(again.isChanged("p49")).toBe(false);
  expect(again.isChanged("p50")).toBe(true);
});

it("lives with a storage that is broken or absent", () => {
  localStorage.setItem("nonza.volumes", "{");
  expect(new VolumeStore(localStorage).get("marta").volume).toBe(1);
  const store = new VolumeStore(null);
  store.setVolume("marta", 0.2);
  expect(store.get("marta").volume).toBe(0.2);
});

it("says whose volume changed", () => {
  const store = new VolumeStore(null);
  const listener = vi.fn();
  store.subscribe(listener);
  store.setMuted("marta", true);
  expect(listener).toHaveBeenCalledWith("marta");
});
