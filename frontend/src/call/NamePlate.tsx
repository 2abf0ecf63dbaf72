/** Who this is, and whether we could hear them. */

import { MicOff, VolumeX } from "lucide-react";
import { t } from "../i18n/translate";
import type { CallPerson } from "./callPeople";
import { roleWord } from "./roleWord";
import { useVolume } from "./useVolume";

export function NamePlate({ person }: { person: CallPerson }) {
  const { muted } = useVolume(person.id);
  const speaking = person.media?.speaking;
  const role = roleWord(person);
  return (
    <figcaption className="nz-name-plate">
      {speaking && (
        <span className="nz-bars">
          <i />
          <i />
          <i />
          <span className="sr-only">{t("call.speaking")}</span>
        </span>
      )}
      {!person.microphoneOn && (
        <>
          <MicOff size={14} strokeWidth={2.1} aria-hidden="true" />
          <span className="sr-only">{t("call.microphone_off")}</span>
        </>
      )}
      {muted && (
        <>
          <VolumeX size={14} strokeWidth={2.1} aria-hidden="true" />
          <span className="sr-only">{t("call.muted_for_you")}</span>
        </>
      )}
      <bdi>{person.own ? t("call.you") : person.name}</bdi>
      {role && !person.own && <small>{role}</small>}
    </figcaption>
  );
}
