/** Talks while a key is held: the microphone opens with the press and closes when it is let go. */

import { useEffect, useState } from "react";
import { t } from "../i18n/translate";
import type { MediaCall } from "../livekit/types";
import type { TalkKey } from "../sessions/types";
import { announce } from "../ui/announcements";
import { isTalkPress } from "./pushToTalk";

/** True while one talks by holding the key. `where`: the documents whose keys count. */
export function usePushToTalk(call: MediaCall, key: TalkKey, where: readonly Document[]): boolean {
  const [talking, setTalking] = useState(false);
  useEffect(() => {
    if (key === "off") return;
    const holding = hold(call, key, setTalking);
    const undo = where.map((place) => holding.listenIn(place));
    return () => {
      for (const stop of undo) stop();
      holding.release();
    };
  }, [call, key, where]);
  return talking;
}

/** Keys that move the focus. */
const WALKING = /^(Tab|F6|Home|End|Arrow\w+)$/;
let told = false;

function hold(call: MediaCall, key: TalkKey, tell: (talking: boolean) => void) {
  let held = false;
  let reachedByKeyboard = false;

  const release = () => {
    if (!held) return;
    held = false;
    tell(false);
    call.setMicrophone(false);
  };
  const press = (event: KeyboardEvent) => {
    if (!held && !isTalkPress(event, key, reachedByKeyboard)) return;
    if (held && event.code !== key) return;
    // Whoever can be heard already has nothing to hold; the key must not scroll all the same.
    event.preventDefault();
    if (held || event.repeat || call.getSnapshot().microphone.on) return;
    held = true;
    tell(true);
    call.setMicrophone(true);
    // Once: a reader that talks over each press would be heard by everybody.
    if (!told) announce(t("call.talking"), "assertive");
    told = true;
  };
  const letGo = (event: KeyboardEvent) => {
    if (event.code !== key || !held) return;
    // A button would be pressed by Space coming up.
    event.preventDefault();
    release();
  };
  const keyboard = (event: KeyboardEvent) => {
    if (WALKING.test(event.key)) reachedByKeyboard = true;
  };
  const pointer = () => {
    reachedByKeyboard = false;
  };

  const listenIn = (place: Document) => {
    const listening = new AbortController();
    const { signal } = listening;
    place.addEventListener("keydown", keyboard, { signal, capture: true });
    place.addEventListener("pointerdown", pointer, { signal, capture: true });
    place.addEventListener("keydown", press, { signal });
    place.addEventListener("keyup", letGo, { signal, capture: true });
    place.addEventListener("visibilitychange", release, { signal });
    place.defaultView?.addEventListener("blur", release, { signal });
    place.defaultView?.addEventListener("pagehide", release, { signal });
    return () => listening.abort();
  };
  return { listenIn, release };
}
