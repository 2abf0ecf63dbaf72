/** Everything that decides what stands where on the stage. */

import { useCallback, useState } from "react";
import { useCallView } from "./CallContext";
import { planStage } from "./stagePlan";
import type { StagePlan, StageTile } from "./stagePlan";
import type { Size } from "./tileLayout";
import { useInSight } from "./useInSight";
import { useSpotlight } from "./useSpotlight";
import { useStageOrder } from "./useStageOrder";

export type Stage = StagePlan & {
  turnTo: (page: number) => void;
  /** Width over height of a shared screen, told by its picture. */
  setShape: (key: string, shape: number) => void;
};

export function useStage(size: Size, phone: boolean, sheetOpen: boolean): Stage {
  const { call, people, layout, pinned, pip } = useCallView();
  const [page, turnTo] = useState(0);
  const [mode, setMode] = useState("");
  const [pageSize, setPageSize] = useState(25);
  const [shapes, setShapes] = useState<Record<string, number>>({});
  const spotlight = useSpotlight(people);
  const ordered = useStageOrder(people, people.length > pageSize ? pageSize - 1 : pageSize);
  const screens: StageTile[] = ordered
    .filter((person) => person.media?.sharing)
    .map(({ id, own }) => ({ key: `screen ${id}`, kind: "screen", personId: id, own }));
  const cameras: StageTile[] = ordered.map(({ id, own }) => ({
    key: `camera ${id}`,
    kind: "camera",
    personId: id,
    own,
  }));
  const plan = planStage({
    stage: size,
    phone,
    sheetOpen,
    cameras,
    screens,
    pinned: [...pinned],
    spotlight: layout === "speaker" && spotlight ? `camera ${spotlight}` : null,
    shapes,
    page,
  });
  if (plan.pageSize !== pageSize) setPageSize(plan.pageSize);
  // Another way to arrange people begins with its first page.
  const nextMode = [layout, screens.length > 0, pinned.length > 0, sheetOpen].join();
  if (nextMode !== mode) {
    setMode(nextMode);
    turnTo(0);
  }
  useInSight(call, plan.tiles, pip.shown);
  const setShape = useCallback((key: string, shape: number) => {
    setShapes((known) => (known[key] === shape ? known : { ...known, [key]: shape }));
  }, []);
  return { ...plan, turnTo, setShape };
}
