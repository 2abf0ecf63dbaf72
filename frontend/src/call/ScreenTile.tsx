/** A shared screen on the stage. */

import { Maximize, MonitorUp, Pin, PinOff, Volume2, VolumeX } from "lucide-react";
import { t } from "../i18n/translate";
import { IconButton } from "../ui/IconButton";
import { screenVolumeId } from "../livekit/volumes";
import { Button } from "../ui/Button";
import { useSteadyView } from "./CallContext";
import type { CallPerson } from "./callPeople";
import { Picture } from "./Picture";
import { useVolume } from "./useVolume";

type ScreenTileProps = {
  person: CallPerson;
  frozen: boolean;
  pinned: boolean;
  onPin: () => void;
  onShape: (shape: number) => void;
};

export function ScreenTile({ person, frozen, pinned, onPin, onShape }: ScreenTileProps) {
  const { call, settings } = useSteadyView();
  const sound = useVolume(screenVolumeId(person.id));
  const { media, own } = person;
  const title = own ? t("call.your_screen") : t("call.screen_of", { name: person.name });
  const PinSign = pinned ? PinOff : Pin;
  return (
    <>
      {media?.screen && (
        <Picture key={media.screen.key} source={media.screen} frozen={frozen} onShape={onShape} />
      )}
      {!media?.screen && settings.received === "audio_only" && (
        <p className="nz-tile-note">{t("call.screen_not_received")}</p>
      )}
      <div className="nz-tile-corner">
        <figcaption className="nz-chip nz-chip-title">
          <MonitorUp size={16} aria-hidden="true" />
          <bdi>{title}</bdi>
        </figcaption>
        {own && (
          <Button size="sm" kind="danger" onClick={() => call.setShare(false)}>
            {t("call.stop_sharing")}
          </Button>
        )}
        <span className="nz-tile-acts">
          <IconButton
            look="nz-chip"
            className="nz-on-picture"
            label={pinned ? t("call.unpin") : t("call.pin")}
            onClick={onPin}
          >
            <PinSign size={16} aria-hidden="true" />
          </IconButton>
        </span>
        {media?.shareSound && !own && (
          <IconButton
            look="nz-chip"
            className="nz-on-picture"
            label={sound.muted ? t("call.screen_sound_on") : t("call.screen_sound_off")}
            onClick={() => sound.setMuted(!sound.muted)}
          >
            {sound.muted ? (
              <VolumeX size={16} aria-hidden="true" />
            ) : (
              <Volume2 size={16} aria-hidden="true" />
            )}
          </IconButton>
        )}
        {document.fullscreenEnabled && (
          <IconButton
            look="nz-chip"
            className="nz-on-picture"
            label={t("call.full_screen")}
            onClick={(event) => toggleFullScreen(event.currentTarget.closest("figure"))}
          >
            <Maximize size={16} aria-hidden="true" />
          </IconButton>
        )}
      </div>
    </>
  );
}

function toggleFullScreen(tile: HTMLElement | null): void {
  const turned = document.fullscreenElement ? document.exitFullscreen() : tile?.requestFullscreen();
  // A browser that will not leaves the tile in its place.
  turned?.catch(() => undefined);
}
