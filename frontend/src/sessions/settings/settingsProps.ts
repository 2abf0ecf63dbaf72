/** What every part of the settings is given. */
import type { KnownDevices } from "../devices/useDevices";
import type { DeviceSettings } from "../types";
import type { OpenTracks } from "./useMonitor";

export type SettingsProps = {
  settings: DeviceSettings;
  /** Called at each change; the settings hold at once. */
  onChange: (settings: DeviceSettings) => void;
  devices: KnownDevices;
  /** Tracks that the page has open already, so that no device is opened twice. */
  open: OpenTracks | undefined;
  /** Whether the background can be blurred here at all. */
  blurOffered: boolean;
};
