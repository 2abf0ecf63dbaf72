/** The call in a small window: one large picture, one's own, and the three keys that matter. */

import { Mic, MicOff, Phone, Video, VideoOff } from "lucide-react";
import type { ReactNode } from "react";
import { t } from "../../i18n/translate";
import { Avatar } from "../../ui/Avatar";
import { classes } from "../../ui/classes";
import { useCallView } from "../CallContext";
import type { CallPerson } from "../callPeople";
import { NamePlate } from "../NamePlate";
import { Picture } from "../Picture";
import { useShortcuts } from "../useShortcuts";
import { withTrouble } from "../withTrouble";
import { personOf } from "./mainTile";

export function PipCall({ place }: { place: Document }) {
  const { call, snapshot, people, pip, leave } = useCallView();
  const { microphone, camera } = snapshot;
  const main = personOf(people, pip.shown);
  const own = people.find((person) => person.own);
  const screen = pip.shown?.startsWith("screen ") ?? false;
  const toggleMicrophone = () => call.setMicrophone(!microphone.on);
  const toggleCamera = () => call.setCamera(!camera.on);
  useShortcuts({ microphone: toggleMicrophone, camera: toggleCamera, pip: pip.toggle }, place);
  return (
    <main className="nz-pip" aria-label={place.title}>
      {main && <PipTile person={main} screen={screen} />}
      {own && main && (!main.own || screen) && <PipTile person={own} screen={false} small />}
      <div className="nz-pip-keys" role="group" aria-label={t("call.controls")}>
        <PipKey
          label={withTrouble(microphone.on ? t("call.mute") : t("call.unmute"), microphone.trouble)}
          off={!microphone.on}
          onPress={toggleMicrophone}
        >
          {microphone.on ? <Mic size={20} /> : <MicOff size={20} />}
        </PipKey>
        <PipKey
          label={withTrouble(
            camera.on ? t("call.stop_camera") : t("call.start_camera"),
            camera.trouble,
          )}
          off={!camera.on}
          onPress={toggleCamera}
        >
          {camera.on ? <Video size={20} /> : <VideoOff size={20} />}
        </PipKey>
        <button
          type="button"
          className="nz-leave"
          aria-label={t("call.leave")}
          title={t("call.leave")}
          onClick={leave}
        >
          <Phone size={20} strokeWidth={1.75} aria-hidden="true" />
        </button>
      </div>
    </main>
  );
}

type PipTileProps = { person: CallPerson; screen: boolean; small?: boolean };

function PipTile({ person, screen, small = false }: PipTileProps) {
  const { settings, snapshot } = useCallView();
  const { own, media } = person;
  const source = (screen ? media?.screen : media?.camera) ?? null;
  const mirrored = own && !screen && settings.camera.mirror && !snapshot.cameraFacesAway;
  return (
    <figure
      className={classes(
        "nz-tile",
        screen ? "nz-tile-screen" : `nz-person-${person.color}`,
        small ? "nz-pip-own nz-tile-small" : "nz-pip-main",
      )}
      data-speaking={!screen && media?.speaking ? "" : undefined}
    >
      {!screen && (
        <span className="nz-tile-avatar">
          <Avatar name={person.name} color={person.color} pictureUrl={person.avatarUrl} />
        </span>
      )}
      {source && <Picture key={source.key} source={source} mirrored={mirrored} />}
      {!small && <NamePlate person={person} />}
      {small && <figcaption className="sr-only">{t("call.you")}</figcaption>}
    </figure>
  );
}

type PipKeyProps = { label: string; off: boolean; onPress: () => void; children: ReactNode };

/** Without the page's tooltips, which know only the page's own window. */
function PipKey({ label, off, onPress, children }: PipKeyProps) {
  return (
    <button
      type="button"
      className={classes("nz-control", off && "nz-control-off")}
      aria-label={label}
      title={label}
      onClick={onPress}
    >
      {children}
    </button>
  );
}
