/** Makes the controller of this stay, starts it with the page and stops it with the page. */

import { useEffect, useRef, useState } from "react";
import { LiveCall } from "../livekit/liveCall";
import { VolumeStore } from "../livekit/volumes";
import type { CallPageProps } from "../sessions/types";
import { CallController } from "./callController";
import { mediaSettings } from "./mediaSettings";

export function useController(props: CallPageProps): CallController {
  const onEnd = useRef(props.onEnd);
  useEffect(() => {
    onEnd.current = props.onEnd;
  });
  const [controller] = useState(() => {
    const { session, participant, firstToken, joinChoice } = props;
    const { microphoneOn, cameraOn, settings, devices } = joinChoice;
    return new CallController({
      session,
      participant,
      firstToken,
      onEnd: (end) => onEnd.current(end),
      createCall: (getGrant) =>
        new LiveCall(
          {
            getGrant,
            microphoneOn,
            cameraOn,
            settings: mediaSettings(settings, devices, props.config.blur_model),
          },
          new VolumeStore(storage()),
        ),
    });
  });
  useEffect(() => {
    controller.start();
    return () => controller.stop();
  }, [controller]);
  return controller;
}

/** null where the browser keeps every storage from this page, as in some frames. */
function storage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
