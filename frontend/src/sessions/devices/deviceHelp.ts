/** What to tell a person whose device did not open, and where this browser hides the permission. */
import { t } from "../../i18n/translate";
import type { DeviceTrouble } from "../../livekit/types";

export type DeviceHelp = { title: string; words: string };

export function cameraHelp(trouble: DeviceTrouble): DeviceHelp {
  const title = t(`sessions.camera_${trouble}_title`);
  if (trouble === "blocked" && isSafari()) {
    return { title, words: t("sessions.camera_blocked_safari") };
  }
  return { title, words: t(`sessions.camera_${trouble}`) };
}

export function bothBlockedHelp(): DeviceHelp {
  return {
    title: t("sessions.both_blocked_title"),
    words: t(isSafari() ? "sessions.both_blocked_safari" : "sessions.both_blocked"),
  };
}

export function microphoneHelp(trouble: DeviceTrouble): string {
  if (trouble === "blocked" && isSafari()) return t("sessions.microphone_blocked_safari");
  return t(`sessions.microphone_${trouble}`);
}

function isSafari(): boolean {
  return /^((?!chrome|android|crios|fxios).)*safari/i.test(navigator.userAgent);
}
