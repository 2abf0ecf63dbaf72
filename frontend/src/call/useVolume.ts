/** Follows how loud somebody is for us. */

import { useSyncExternalStore } from "react";
import type { PersonVolume } from "../livekit/volumes";
import { useSteadyView } from "./CallContext";

export type OwnVolume = PersonVolume & {
  setVolume: (volume: number) => void;
  setMuted: (muted: boolean) => void;
};

/** `id` is a participant's, or `screenVolumeId` of it for the sound of a shared screen. */
export function useVolume(id: string): OwnVolume {
  const { volumes } = useSteadyView().call;
  const { volume, muted } = useSyncExternalStore(volumes.subscribe, () => volumes.get(id));
  return {
    volume,
    muted,
    setVolume: (next) => volumes.setVolume(id, next),
    setMuted: (next) => volumes.setMuted(id, next),
  };
}
