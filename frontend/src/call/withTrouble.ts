/** The name of a device's key, with what keeps the device from opening. */

import { t } from "../i18n/translate";
import type { DeviceTrouble } from "../livekit/types";

export function withTrouble(label: string, trouble: DeviceTrouble | null): string {
  return trouble ? `${label}. ${t(`call.trouble_${trouble}`)}` : label;
}
