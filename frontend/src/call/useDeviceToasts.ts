/** Says why a device did not open, and how one can help it. */

import { useEffect } from "react";
import { t } from "../i18n/translate";
import type { CallSnapshot } from "../livekit/types";
import { cameraHelp, microphoneHelp } from "../sessions/devices/deviceHelp";
import { showToast } from "../ui/toasts";

export function useDeviceToasts({ microphone, camera, share }: CallSnapshot): void {
  useEffect(() => {
    if (microphone.trouble) tell("microphone", microphoneHelp(microphone.trouble));
  }, [microphone.trouble]);
  useEffect(() => {
    if (!camera.trouble) return;
    const { title, words } = cameraHelp(camera.trouble);
    tell("camera", `${title}. ${words}`);
  }, [camera.trouble]);
  useEffect(() => {
    if (share.trouble) tell("share", t("call.share_failed"));
  }, [share.trouble]);
}

function tell(key: string, words: string): void {
  showToast({ key, words, tone: "bad", urgency: "assertive" });
}
