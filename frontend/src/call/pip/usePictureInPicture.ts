/** The call in a small window: opened by key, menu or browser, closed with the call. */

import { useCallback, useEffect, useRef, useState } from "react";
import type { RefObject } from "react";
import { t } from "../../i18n/translate";
import { announce } from "../../ui/announcements";
import { showToast } from "../../ui/toasts";
import type { CallPerson } from "../callPeople";
import { useSpotlight } from "../useSpotlight";
import { mainTile } from "./mainTile";
import { canOpenPipWindow, openPipWindow } from "./pipWindow";

export type Pip = {
  /** A window of ours, a bare picture where the browser has only that, or none at all. */
  readonly kind: "window" | "picture" | "none";
  /** Our window while it is open. */
  readonly window: Window | null;
  /** The key of the tile that it shows, which has to be received. */
  readonly shown: string | null;
  /** For the bare picture: the element that goes there. */
  readonly video: RefObject<HTMLVideoElement | null>;
  readonly toggle: () => void;
};

const NOBODY: readonly CallPerson[] = [];

export function usePictureInPicture(people: readonly CallPerson[], pinned: readonly string[]): Pip {
  const [kind] = useState(kindOfBrowser);
  const [opened, setOpened] = useState<Window | null>(null);
  const current = useRef<Window | null>(null);
  const video = useRef<HTMLVideoElement>(null);
  const needed = opened !== null || kind === "picture";
  const spotlight = useSpotlight(needed ? people : NOBODY);

  const open = useCallback(async () => {
    if (current.current) return;
    try {
      if (kind === "picture") {
        await video.current?.requestPictureInPicture();
        return;
      }
      const small = await openPipWindow();
      current.current = small;
      small.addEventListener("pagehide", () => {
        current.current = null;
        setOpened(null);
      });
      setOpened(small);
      announce(t("call.pip_opened"));
    } catch {
      showToast({ key: "pip", words: t("call.pip_failed"), tone: "bad" });
    }
  }, [kind]);

  const toggle = useCallback(() => {
    if (current.current) current.current.close();
    else if (document.pictureInPictureElement) void document.exitPictureInPicture();
    else void open();
  }, [open]);

  useEffect(() => offerToBrowser(kind, open), [kind, open]);
  useEffect(() => () => current.current?.close(), []);
  return {
    kind,
    window: opened,
    shown: needed ? mainTile(people, pinned, spotlight) : null,
    video,
    toggle,
  };
}

function kindOfBrowser(): Pip["kind"] {
  if (canOpenPipWindow()) return "window";
  return document.pictureInPictureEnabled ? "picture" : "none";
}

/** Browsers that know it open the window by themselves when one goes to another tab. */
function offerToBrowser(kind: Pip["kind"], open: () => Promise<void>): (() => void) | undefined {
  const session = (navigator as Partial<Navigator>).mediaSession;
  if (kind === "none" || !session) return undefined;
  const put = (act: (() => void) | null) => {
    try {
      // The types do not know it yet.
      session.setActionHandler("enterpictureinpicture" as MediaSessionAction, act);
    } catch {
      // Nor do some browsers.
    }
  };
  put(() => void open());
  return () => put(null);
}
