/** What one can do about a person: one's own volume, mute for me, pin. */

import { EllipsisVertical, Pin, PinOff, Volume2, VolumeX } from "lucide-react";
import { t } from "../i18n/translate";
import { IconButton } from "../ui/IconButton";
import { Menu } from "../ui/Menu";
import type { MenuEntry } from "../ui/menuEntries";
import type { CallPerson } from "./callPeople";
import { usePin } from "./usePin";
import { useVolume } from "./useVolume";
import { VolumeSlider } from "./VolumeSlider";

type PersonMenuProps = {
  person: CallPerson;
  look?: string;
  className?: string;
  iconSize?: number;
};

export function PersonMenu({ person, look, className, iconSize = 18 }: PersonMenuProps) {
  const volume = useVolume(person.id);
  const { isPinned, toggle } = usePin("camera", person);
  const name = person.own ? t("call.you") : person.name;
  const entries: MenuEntry[] = [
    {
      label: isPinned ? t("call.unpin") : t("call.pin"),
      icon: isPinned ? <PinOff size={18} /> : <Pin size={18} />,
      onChoose: toggle,
    },
  ];
  if (!person.own) {
    entries.unshift({
      label: volume.muted ? t("call.hear_again") : t("call.mute_for_me"),
      icon: volume.muted ? <Volume2 size={18} /> : <VolumeX size={18} />,
      onChoose: () => volume.setMuted(!volume.muted),
    });
  }
  return (
    <Menu
      label={name}
      entries={entries}
      above={
        person.own ? undefined : <VolumeSlider volume={volume} label={t("call.volume_for_you")} />
      }
      trigger={(props) => (
        <IconButton
          {...props}
          {...(look === undefined ? {} : { look })}
          className={className}
          label={t("call.more_about", { name })}
        >
          <EllipsisVertical size={iconSize} aria-hidden="true" />
        </IconButton>
      )}
    />
  );
}
