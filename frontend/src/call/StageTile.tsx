/** A tile in its place: it glides there, and two taps pin it. */

import { useRef } from "react";
import { classes } from "../ui/classes";
import { useCallView } from "./CallContext";
import type { CallPerson } from "./callPeople";
import { CameraTile } from "./CameraTile";
import { ScreenTile } from "./ScreenTile";
import type { PlacedTile } from "./stagePlan";
import { useFlip } from "./useFlip";
import { usePin } from "./usePin";

type StageTileProps = {
  tile: PlacedTile;
  person: CallPerson;
  glide: boolean;
  /** Lies over the stage, small, while one is alone. */
  floating: boolean;
  onShape: (key: string, shape: number) => void;
};

export function StageTile({ tile, person, glide, floating, onShape }: StageTileProps) {
  const { snapshot } = useCallView();
  const box = useRef<HTMLElement>(null);
  useFlip(box, tile.rect, glide);
  const screen = tile.kind === "screen";
  const { isPinned, toggle: pin } = usePin(tile.kind, person);
  const frozen = snapshot.phase !== "connected" && snapshot.identity !== null && !person.own;
  const { x, y, width, height } = tile.rect;
  return (
    // Two taps are an extra; the tile's own keys do the same.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <figure
      ref={box}
      className={classes(
        "nz-tile",
        `nz-tile-${tile.size}`,
        screen ? "nz-tile-screen" : `nz-person-${person.color}`,
        floating && "nz-tile-floating",
      )}
      style={{ left: x, top: y, width, height }}
      data-tile={tile.key}
      data-speaking={!screen && person.media?.speaking ? "" : undefined}
      data-frozen={frozen ? "" : undefined}
      onDoubleClick={(event) => {
        if (!isControl(event.target)) pin();
      }}
    >
      {screen ? (
        <ScreenTile
          person={person}
          frozen={frozen}
          pinned={isPinned}
          onPin={pin}
          onShape={(shape) => onShape(tile.key, shape)}
        />
      ) : (
        <CameraTile
          person={person}
          frozen={frozen}
          pinned={isPinned}
          onPin={pin}
          size={tile.size}
        />
      )}
    </figure>
  );
}

/** Two quick presses of a key on the tile, or in its menu, are meant for that key. */
function isControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest("button, input, .nz-menu") !== null;
}
