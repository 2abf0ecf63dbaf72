/** Tells the media whose pictures are on the stage; others are not received. */

import { useEffect } from "react";
import type { MediaCall } from "../livekit/types";
import type { PlacedTile } from "./stagePlan";

/** `elsewhere`: the key of a tile that is seen in another window. */
export function useInSight(
  call: MediaCall,
  tiles: readonly PlacedTile[],
  elsewhere: string | null,
): void {
  const here = tiles.filter((tile) => !tile.own).map((tile) => tile.key);
  const keys = [...new Set(elsewhere === null ? here : [...here, elsewhere])].sort().join("\n");
  useEffect(() => {
    const cameras = new Set<string>();
    const screens = new Set<string>();
    for (const key of keys.split("\n")) {
      const [kind, id] = key.split(" ");
      if (id !== undefined) (kind === "screen" ? screens : cameras).add(id);
    }
    call.setInSight({ cameras, screens });
  }, [call, keys]);
}
