/** Who can be mentioned: the keys are the field's, which says here which one is chosen. */
import { UsersRound } from "lucide-react";

import { t } from "../../i18n/translate";
import { Avatar } from "../../ui/Avatar";
import type { Candidate } from "./useMentions";

type MentionMenuProps = {
  id: string;
  candidates: readonly Candidate[];
  at: number;
  onPick: (candidate: Candidate) => void;
};

export function mentionOptionId(id: string, place: number): string {
  return `${id}-${place}`;
}

export function MentionMenu({ id, candidates, at, onPick }: MentionMenuProps) {
  return (
    <div id={id} className="nz-mentions-menu" role="listbox" aria-label={t("conversation.mention")}>
      {candidates.map((candidate, place) => (
        // The field keeps the focus and has the keys; here is only for pointing.
        // eslint-disable-next-line jsx-a11y/click-events-have-key-events
        <div
          key={candidate.userId ?? "all"}
          id={mentionOptionId(id, place)}
          className="nz-mention-option"
          role="option"
          tabIndex={-1}
          aria-selected={place === at}
          // The field must not lose the focus over it.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onPick(candidate)}
        >
          {candidate.userId === null ? (
            <span className="nz-mention-all">
              <UsersRound size={16} aria-hidden="true" />
            </span>
          ) : (
            <Avatar
              name={candidate.name}
              color={candidate.color}
              pictureUrl={candidate.avatarUrl}
              size={24}
            />
          )}
          <bdi className="nz-mention-name">
            {candidate.userId === null ? "@all" : candidate.name}
          </bdi>
          {candidate.hint && <span className="nz-hint">{candidate.hint}</span>}
        </div>
      ))}
    </div>
  );
}
