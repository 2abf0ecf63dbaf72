/** What the preview says instead of a picture, and what the person can do about it. */
import { t } from "../../i18n/translate";
import type { PreviewKind, PreviewTrack } from "../devices/OwnPreview";
import { bothBlockedHelp, cameraHelp, type DeviceHelp } from "../devices/deviceHelp";

export type PreviewAction = "start" | "retry" | "without_camera" | "without_both";
export type PreviewWords = DeviceHelp & {
  /** Came up by itself, so it is announced. */
  live: boolean;
  acts: { label: string; kind: "primary" | "default" | "quiet"; action: PreviewAction }[];
};

type Situation = {
  microphone: PreviewTrack;
  camera: PreviewTrack;
  /** What the browser would ask for if it were opened now. */
  asks: readonly PreviewKind[];
  secure: boolean;
};

/** Null: there is a picture, or the camera is off because the person wants it so. */
export function previewWords(situation: Situation): PreviewWords | null {
  const { microphone, camera, secure, asks } = situation;
  if (!secure) return insecureWords();
  if (camera.trouble === null) return camera.track ? null : askWords(asks);
  const bothBlocked = camera.trouble === "blocked" && microphone.trouble === "blocked";
  const help = bothBlocked ? bothBlockedHelp() : cameraHelp(camera.trouble);
  return {
    ...help,
    live: true,
    acts: [
      { label: t("common.try_again"), kind: "default", action: "retry" },
      bothBlocked
        ? { label: t("sessions.join_without_both"), kind: "quiet", action: "without_both" }
        : { label: t("sessions.join_without_camera"), kind: "quiet", action: "without_camera" },
    ],
  };
}

function insecureWords(): PreviewWords {
  return {
    title: t("sessions.insecure_title"),
    words: t("sessions.insecure"),
    live: false,
    acts: [],
  };
}

/** Nothing was asked yet: say what the browser will ask, and let the person begin. */
function askWords(asks: readonly PreviewKind[]): PreviewWords | null {
  const [first] = asks;
  if (!first) return null;
  const kind = asks.length > 1 ? "both" : first;
  return {
    title: t(`sessions.ask_${kind}_title`),
    words: t(`sessions.ask_${kind}`),
    live: false,
    acts: [{ label: t(`sessions.ask_${kind}_action`), kind: "primary", action: "start" }],
  };
}
