/** Tells of devices that come and go during the call, and offers the new ones. */

import { Headphones, Unplug, Video } from "lucide-react";
import { useEffect, useEffectEvent, useRef } from "react";
import { t } from "../i18n/translate";
import { findDevice } from "../sessions/devices/findDevice";
import type { Device, Devices } from "../sessions/devices/findDevice";
import { useDevices } from "../sessions/devices/useDevices";
import type { DeviceSettings, RememberedDevice } from "../sessions/types";
import { showToast } from "../ui/toasts";
import type { CallView } from "./CallContext";
import { deviceNews, KINDS } from "./deviceNews";
import type { DeviceNews, Found, Kind } from "./deviceNews";

export function useDeviceNews(view: CallView): void {
  const devices = useDevices();
  const before = useRef<Devices | null>(null);
  const used = useRef(nothing());
  const { call, snapshot, settings } = view;

  // A track that ended no longer tells which device it was.
  useEffect(() => {
    const { camera } = call.getOwnTracks();
    note(used.current.microphone, call.getMicrophone()?.label);
    note(used.current.camera, camera?.label);
    const speaker = findDevice(devices.speakers, settings.speaker.device);
    note(used.current.speaker, speaker?.label ?? devices.systemSpeaker);
  }, [call, snapshot, settings, devices]);

  const tellNews = useEffectEvent((after: Devices) => {
    const known = before.current;
    before.current = after;
    if (!known) return;
    const news = deviceNews(known, after, used.current, settings);
    if (news.length > 0) used.current = nothing();
    for (const one of news) tell(one, view);
  });
  useEffect(() => {
    if (devices.loaded) tellNews(devices);
  }, [devices]);
}

function nothing(): Record<Kind, Set<string>> {
  return { microphone: new Set(), camera: new Set(), speaker: new Set() };
}

function note(labels: Set<string>, label: string | undefined): void {
  if (label) labels.add(label);
}

function tell(news: DeviceNews, view: CallView): void {
  const { name } = news;
  if (news.what === "lost") {
    const { other } = news;
    const words =
      other === null
        ? t("call.device_lost_none", { device: name })
        : t("call.device_lost", { device: name, other });
    showToast({ key: `lost ${name}`, words, icon: <Unplug size={18} aria-hidden="true" /> });
    return;
  }
  const { devices } = news;
  const icon =
    devices.microphone || devices.speaker ? <Headphones size={18} /> : <Video size={18} />;
  const key = `came ${name}`;
  if (news.what === "back" && !isMissed(devices, view)) {
    showToast({ key, words: t("call.device_back", { device: name }), icon });
    return;
  }
  showToast({
    key,
    words: t("call.device_came", { device: name }),
    icon,
    lasting: true,
    actions: [
      { label: t("common.dismiss"), onChoose: () => undefined },
      { label: t("call.device_use"), primary: true, onChoose: () => takeUp(devices, view) },
    ],
  });
}

/** Its loss has closed what is off now. */
function isMissed(devices: Found, { snapshot }: CallView): boolean {
  const missed = (kind: "microphone" | "camera") =>
    devices[kind] !== undefined && snapshot[kind].trouble === "missing";
  return missed("microphone") || missed("camera");
}

function takeUp(devices: Found, { call, settings, changeSettings }: CallView): void {
  const next: DeviceSettings = { ...settings };
  for (const kind of KINDS) choose(next, kind, devices[kind]);
  changeSettings(next);
  const { microphone, camera } = call.getSnapshot();
  if (devices.microphone && microphone.trouble === "missing") call.setMicrophone(true);
  if (devices.camera && camera.trouble === "missing") call.setCamera(true);
}

function choose(settings: DeviceSettings, kind: Kind, device: Device | undefined): void {
  if (!device) return;
  const remembered: RememberedDevice = { id: device.deviceId, label: device.label };
  if (kind === "microphone") settings.microphone = { ...settings.microphone, device: remembered };
  else if (kind === "camera") settings.camera = { ...settings.camera, device: remembered };
  else settings.speaker = { ...settings.speaker, device: remembered };
}
