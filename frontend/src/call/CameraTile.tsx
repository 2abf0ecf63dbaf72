/** A person on the stage: picture or avatar, name, state, and what one can do. */

import { Pin, PinOff, SignalMedium } from "lucide-react";
import { t } from "../i18n/translate";
import { Avatar } from "../ui/Avatar";
import { IconButton } from "../ui/IconButton";
import { useSteadyView } from "./CallContext";
import type { CallPerson } from "./callPeople";
import { NamePlate } from "./NamePlate";
import { PersonMenu } from "./PersonMenu";
import { Picture } from "./Picture";
import type { PlacedTile } from "./stagePlan";

type CameraTileProps = {
  person: CallPerson;
  frozen: boolean;
  /** One's own camera is the back one of a phone. */
  facesAway: boolean;
  pinned: boolean;
  onPin: () => void;
  size: PlacedTile["size"];
};

export function CameraTile({ person, frozen, facesAway, pinned, onPin, size }: CameraTileProps) {
  const { settings } = useSteadyView();
  const { media, own } = person;
  const pinWords = pinned ? t("call.unpin") : t("call.pin");
  const small = size === "small" ? 14 : 16;
  return (
    <>
      <span className="nz-tile-avatar">
        <Avatar name={person.name} color={person.color} pictureUrl={person.avatarUrl} />
      </span>
      {media?.camera && (
        <Picture
          key={media.camera.key}
          source={media.camera}
          mirrored={own && settings.camera.mirror && !facesAway}
          frozen={frozen}
        />
      )}
      <div className="nz-tile-corner">
        {media?.weak && !own && (
          <span className="nz-chip">
            <SignalMedium size={small} aria-hidden="true" />
            <span className="nz-chip-words">{t("call.weak")}</span>
            <span className="sr-only">{t("call.weak_of", { name: person.name })}</span>
          </span>
        )}
        <span className="nz-tile-acts">
          {!pinned && (
            <IconButton look="nz-chip" className="nz-on-picture" label={pinWords} onClick={onPin}>
              <Pin size={small} aria-hidden="true" />
            </IconButton>
          )}
          {!own && (
            <PersonMenu person={person} look="nz-chip" className="nz-on-picture" iconSize={small} />
          )}
        </span>
        {pinned && (
          <IconButton look="nz-chip" className="nz-on-picture" label={pinWords} onClick={onPin}>
            <PinOff size={small} aria-hidden="true" />
          </IconButton>
        )}
      </div>
      <NamePlate person={person} />
    </>
  );
}
