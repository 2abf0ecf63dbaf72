/** Tells about one's own microphone what one cannot notice by oneself. */

import { Ear, MicOff, VolumeX } from "lucide-react";
import { useEffect, useEffectEvent, useRef } from "react";
import { t } from "../../i18n/translate";
import { hasKeyboard } from "../../sessions/support";
import { showToast } from "../../ui/toasts";
import type { ToastAction } from "../../ui/toasts";
import type { CallView } from "../CallContext";
import type { Hint } from "./MicrophoneHints";

export function useMicrophoneHints(view: CallView, openSettings: () => void): void {
  const { call, snapshot } = view;
  const takeAway = useRef<(() => void) | undefined>(undefined);
  const give = useEffectEvent((hint: Hint) => {
    const undo = tell(hint, view, openSettings);
    if (hint !== "echo") takeAway.current = undo;
  });
  const listening = snapshot.phase === "connected";
  useEffect(() => {
    if (!listening) return;
    let stop: (() => void) | undefined;
    let left = false;
    import("./listen").then(
      ({ listenAlong }) => {
        if (left) return;
        stop = listenAlong({
          getMicrophone: call.getMicrophone,
          isOn: () => call.getSnapshot().microphone.on,
          getHeardLevel: call.getHeardLevel,
          onHint: give,
        });
      },
      // A call without these hints is a call all the same.
      () => undefined,
    );
    return () => {
      left = true;
      stop?.();
    };
  }, [call, listening]);
  const { on } = snapshot.microphone;
  useEffect(() => {
    // Either way the question has been answered.
    takeAway.current?.();
    takeAway.current = undefined;
  }, [on]);
}

/** Gives back what takes the hint away. */
function tell(hint: Hint, view: CallView, openSettings: () => void): () => void {
  if (hint === "muted") return tellMuted(view);
  return hint === "silent" ? tellSilent(openSettings) : tellEcho(view);
}

function tellMuted({ call }: CallView): () => void {
  return showToast({
    key: "hint muted",
    words: t(hasKeyboard() ? "call.hint_muted" : "call.hint_muted_touch"),
    icon: <MicOff size={18} aria-hidden="true" />,
    // Who talks to somebody beside them says so; who is talking to the call needs the time to see it.
    lasting: true,
    actions: [
      dismissing(),
      { label: t("call.hint_unmute"), primary: true, onChoose: () => call.setMicrophone(true) },
    ],
  });
}

function tellSilent(openSettings: () => void): () => void {
  return showToast({
    key: "hint silent",
    words: t("sessions.silent"),
    icon: <VolumeX size={18} aria-hidden="true" />,
    lasting: true,
    actions: [
      dismissing(),
      { label: t("call.hint_choose_microphone"), primary: true, onChoose: openSettings },
    ],
  });
}

function tellEcho({ settings, changeSettings }: CallView): () => void {
  const { microphone } = settings;
  const cancel: ToastAction = {
    label: t("sessions.echo"),
    primary: true,
    onChoose: () =>
      changeSettings({ ...settings, microphone: { ...microphone, echoCancellation: true } }),
  };
  return showToast({
    key: "hint echo",
    words: t("call.hint_echo"),
    icon: <Ear size={18} aria-hidden="true" />,
    lasting: true,
    actions: microphone.echoCancellation ? [dismissing()] : [dismissing(), cancel],
  });
}

function dismissing(): ToastAction {
  return { label: t("common.dismiss"), onChoose: () => undefined };
}
