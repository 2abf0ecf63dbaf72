/** A tile in its place: it glides there, and two taps pin it. */

import { memo, useRef } from "react";
import { classes } from "../ui/classes";
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
  /** Nothing arrives: the last picture stays. */
  frozen: boolean;
  facesAway: boolean;
  onShape: (key: string, shape: number) => void;
};

/** Drawn anew only for what concerns this tile: in a crowd something happens all the time. */
export const StageTile = memo(function StageTile(props: StageTileProps) {
  const { tile, person, glide, floating, frozen, facesAway, onShape } = props;
  const box = useRef<HTMLElement>(null);
  useFlip(box, tile.rect, glide);
  const screen = tile.kind === "screen";
  const { isPinned, toggle: pin } = usePin(tile.kind, person);
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
          facesAway={facesAway}
          pinned={isPinned}
          onPin={pin}
          size={tile.size}
        />
      )}
    </figure>
  );
}, isSameTile);

/** Where tiles stand is computed anew each time; what counts is whether this one moved. */
function isSameTile(one: StageTileProps, other: StageTileProps): boolean {
  const { tile, ...rest } = one;
  const { key, size, rect } = other.tile;
  return (
    tile.key === key &&
    tile.size === size &&
    (["x", "y", "width", "height"] as const).every((side) => tile.rect[side] === rect[side]) &&
    (Object.keys(rest) as (keyof typeof rest)[]).every((name) => rest[name] === other[name])
  );
}

/** Two quick presses of a key on the tile, or in its menu, are meant for that key. */
function isControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest("button, input, .nz-menu") !== null;
}
