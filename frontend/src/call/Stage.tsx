/** Where people and shared screens are seen. */

import { useRef } from "react";
import { t } from "../i18n/translate";
import { AloneNote } from "./AloneNote";
import { useCallView } from "./CallContext";
import { PageDots } from "./PageDots";
import { PageKeys } from "./PageKeys";
import { StageTile } from "./StageTile";
import { useStage } from "./useStage";
import { useStageSize } from "./useStageSize";

export function Stage({ phone, sheetOpen }: { phone: boolean; sheetOpen: boolean }) {
  const { people, snapshot } = useCallView();
  const box = useRef<HTMLDivElement>(null);
  const { glide, ...size } = useStageSize(box);
  const { tiles, page, pages, turnTo, setShape } = useStage(size, phone, sheetOpen);
  const byId = new Map(people.map((person) => [person.id, person]));
  const away = snapshot.phase !== "connected" && snapshot.identity !== null;
  const alone = people.length === 1 && snapshot.phase === "connected" && !snapshot.share.on;

  return (
    <>
      <div ref={box} className="nz-stage">
        {alone && <AloneNote />}
        {tiles.map((tile) => {
          const person = byId.get(tile.personId);
          return (
            person && (
              <StageTile
                key={tile.key}
                tile={tile}
                person={person}
                glide={glide}
                floating={alone && tile.own}
                frozen={away && !person.own}
                facesAway={person.own && snapshot.cameraFacesAway}
                onShape={setShape}
              />
            )
          );
        })}
        {pages > 1 && !sheetOpen && <PageKeys page={page} pages={pages} onTurn={turnTo} />}
      </div>
      {pages > 1 && <PageDots label={t("call.pages")} page={page} pages={pages} onTurn={turnTo} />}
    </>
  );
}
