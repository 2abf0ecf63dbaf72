/** One person in the people panel. */

import { Mic, MicOff, Video, VideoOff } from "lucide-react";
import { memo } from "react";
import { t } from "../i18n/translate";
import { Avatar } from "../ui/Avatar";
import { Badge } from "../ui/Badge";
import { classes } from "../ui/classes";
import type { CallPerson } from "./callPeople";
import { PersonMenu } from "./PersonMenu";
import { roleWord } from "./roleWord";
import { useVolume } from "./useVolume";

type PersonRowProps = {
  person: CallPerson;
  /** In a list of which only a part is drawn: where this row stands. */
  top?: number;
  at?: number;
  of?: number;
};

/** Drawn anew only when this person changes. */
export const PersonRow = memo(function PersonRow({ person, top, at, of }: PersonRowProps) {
  const { muted } = useVolume(person.id);
  const role = roleWord(person);
  const state = stateWords(person, muted);
  const MicrophoneSign = person.microphoneOn ? Mic : MicOff;
  const CameraSign = person.cameraOn ? Video : VideoOff;
  return (
    <li
      className="nz-person"
      data-person={person.id}
      style={top === undefined ? undefined : { top }}
      aria-posinset={at}
      aria-setsize={of}
    >
      <Avatar
        name={person.name}
        color={person.color}
        pictureUrl={person.avatarUrl}
        size={36}
        speaking={person.media?.speaking ?? false}
      />
      <div className="nz-person-words">
        <div className="nz-person-name">
          <bdi>{person.own ? t("call.you") : person.name}</bdi>
          {role && <Badge>{role}</Badge>}
        </div>
        {state && <div className="nz-person-state">{state}</div>}
      </div>
      <MicrophoneSign
        size={18}
        className={classes("nz-person-sign", !person.microphoneOn && "nz-person-sign-off")}
        aria-hidden="true"
      />
      <CameraSign size={18} className="nz-person-sign" aria-hidden="true" />
      <span className="sr-only">
        {person.microphoneOn ? t("call.microphone_on") : t("call.microphone_off")},{" "}
        {person.cameraOn ? t("call.camera_on") : t("call.camera_off")}
      </span>
      <PersonMenu person={person} />
    </li>
  );
});

function stateWords({ media, own }: CallPerson, muted: boolean): string | null {
  const words = [
    media?.speaking && t("call.speaking"),
    media?.sharing && t("call.sharing"),
    muted && t("call.muted_for_you"),
    media?.weak && !own && t("call.weak_connection"),
    !media && !own && t("call.connecting"),
  ].filter((word) => typeof word === "string");
  return words.length > 0 ? words.join(" · ") : null;
}
