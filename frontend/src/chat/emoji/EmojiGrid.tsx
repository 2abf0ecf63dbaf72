/** The emoji of the picker in their groups; drawn anew only where the chosen one changes. */
import { memo, type Ref } from "react";

import { t } from "../../i18n/translate";
import type { EmojiGroup } from "./emojiData";

type EmojiGridProps = {
  ref?: Ref<HTMLDivElement>;
  id: string;
  label: string;
  shown: readonly EmojiGroup[];
  current: string | null;
  onPoint: (key: string) => void;
  onPick: (emoji: string) => void;
};

export function EmojiGrid({ ref, id, label, shown, current, onPoint, onPick }: EmojiGridProps) {
  const keyAt = (target: EventTarget) =>
    target instanceof Element ? target.closest<HTMLElement>("[data-emoji]") : null;
  return (
    // The field above has the focus and the keys; here is for pointing.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      ref={ref}
      id={`${id}-grid`}
      className="nz-emoji-grid"
      role="listbox"
      aria-label={label}
      tabIndex={-1}
      onClick={(event) => {
        const { emoji } = keyAt(event.target)?.dataset ?? {};
        if (emoji) onPick(emoji);
      }}
      onPointerOver={(event) => {
        const { key } = keyAt(event.target)?.dataset ?? {};
        if (key && event.pointerType === "mouse") onPoint(key);
      }}
    >
      {shown.map((group) => (
        <Group
          key={group.id}
          id={id}
          group={group}
          current={current?.startsWith(`${group.id}_`) ? current : null}
        />
      ))}
    </div>
  );
}

type GroupProps = { id: string; group: EmojiGroup; current: string | null };

const Group = memo(function Group({ id, group, current }: GroupProps) {
  const words = t(`conversation.emoji_${group.id}`);
  return (
    <div role="group" aria-label={words} data-group={group.id} className="nz-emoji-group">
      <p className="nz-menu-heading" aria-hidden="true">
        {words}
      </p>
      <div className="nz-emoji-rows">
        {group.emoji.map(({ sign, name }) => {
          const key = `${group.id}_${sign}`;
          return (
            <span
              key={sign}
              id={`${id}-${key}`}
              role="option"
              tabIndex={-1}
              aria-selected={key === current}
              aria-label={name}
              data-emoji={sign}
              data-key={key}
            >
              {sign}
            </span>
          );
        })}
      </div>
    </div>
  );
});
