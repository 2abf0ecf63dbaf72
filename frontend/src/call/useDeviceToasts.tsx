/** Says why a device did not open or was taken away, and how one can help it. */

import { Mic, Video } from "lucide-react";
import { useEffect, useRef } from "react";
import { t } from "../i18n/translate";
import type { DeviceTrouble, OwnDevice } from "../livekit/types";
import { cameraHelp, microphoneHelp } from "../sessions/devices/deviceHelp";
import { showToast } from "../ui/toasts";
import type { CallView } from "./CallContext";

export function useDeviceToasts({ call, snapshot }: CallView): void {
  const { microphone, camera, share, blurFailed } = snapshot;
  useTrouble("microphone", microphone, microphoneHelp, () => call.setMicrophone(true));
  useTrouble("camera", camera, cameraWords, () => call.setCamera(true));
  useEffect(() => {
    if (share.trouble) {
      showToast({ key: "share", words: t("call.share_failed"), tone: "bad", urgency: "assertive" });
    }
  }, [share.trouble]);
  useEffect(() => {
    if (!blurFailed) return;
    // One's room is seen now: this must not pass by unread.
    const words = t("call.blur_failed");
    showToast({ key: "blur", words, tone: "bad", urgency: "assertive", lasting: true });
  }, [blurFailed]);
}

function cameraWords(trouble: DeviceTrouble): string {
  const { title, words } = cameraHelp(trouble);
  return `${title}. ${words}`;
}

function useTrouble(
  device: "microphone" | "camera",
  { on, trouble }: OwnDevice,
  help: (trouble: DeviceTrouble) => string,
  turnOn: () => void,
): void {
  const before = useRef<DeviceTrouble | null>(null);
  const takeAway = useRef<(() => void) | undefined>(undefined);
  useEffect(() => {
    const known = before.current;
    if (known === trouble) return;
    before.current = trouble;
    takeAway.current?.();
    takeAway.current = undefined;
    if (trouble) {
      // The way to a permission takes longer than five seconds.
      const lasting = trouble === "blocked";
      const words = help(trouble);
      takeAway.current = showToast({
        key: device,
        words,
        lasting,
        tone: "bad",
        urgency: "assertive",
      });
    } else if (known === "blocked" && !on) {
      takeAway.current = tellAllowed(device, turnOn);
    }
  }, [device, on, trouble, help, turnOn]);
}

function tellAllowed(device: "microphone" | "camera", turnOn: () => void): () => void {
  return showToast({
    key: device,
    words: t(`call.${device}_allowed`),
    icon: device === "camera" ? <Video size={18} /> : <Mic size={18} />,
    lasting: true,
    actions: [
      { label: t("common.dismiss"), onChoose: () => undefined },
      { label: t("call.turn_on"), primary: true, onChoose: turnOn },
    ],
  });
}
