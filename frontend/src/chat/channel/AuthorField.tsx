/** Whose messages are looked for: a name is written, and one of those who have it is chosen. */
import { X } from "lucide-react";
import { useId, useState, type KeyboardEvent } from "react";

import { t } from "../../i18n/translate";
import { IconButton } from "../../ui/IconButton";
import type { ChatSource } from "../core/types";
import { MentionMenu, mentionOptionId } from "../parts/MentionMenu";
import { useCandidates } from "./useCandidates";

export type AuthorChosen = { id: string; name: string };

type AuthorFieldProps = {
  source: ChatSource;
  chosen: AuthorChosen | null;
  onChoose: (author: AuthorChosen | null) => void;
};

export function AuthorField({ source, chosen, onChoose }: AuthorFieldProps) {
  const id = useId();
  const [words, setWords] = useState("");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const candidates = useCandidates(source, open ? words : null);
  const isOpen = open && candidates.length > 0;
  const place = Math.min(at, Math.max(0, candidates.length - 1));

  const choose = (candidate: { userId: string | null; name: string } | undefined) => {
    if (!candidate?.userId) return;
    onChoose({ id: candidate.userId, name: candidate.name });
    setWords("");
    setOpen(false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isOpen) return;
    const count = candidates.length;
    if (event.key === "ArrowDown") setAt((place + 1) % count);
    else if (event.key === "ArrowUp") setAt((place + count - 1) % count);
    else if (event.key === "Enter") choose(candidates[place]);
    else if (event.key === "Escape") setOpen(false);
    else return;
    event.preventDefault();
  };

  if (chosen) {
    return (
      <span className="nz-search-author">
        <bdi>{chosen.name}</bdi>
        <IconButton label={`${t("common.dismiss")}: ${chosen.name}`} onClick={() => onChoose(null)}>
          <X size={16} aria-hidden="true" />
        </IconButton>
      </span>
    );
  }
  return (
    <span className="nz-search-who">
      <input
        type="text"
        role="combobox"
        className="nz-input"
        placeholder={t("conversation.search_author")}
        aria-label={t("conversation.search_author")}
        aria-expanded={isOpen}
        aria-autocomplete="list"
        aria-controls={isOpen ? id : undefined}
        aria-activedescendant={isOpen ? mentionOptionId(id, place) : undefined}
        autoComplete="off"
        value={words}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onChange={(event) => {
          setWords(event.target.value);
          setOpen(true);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      {isOpen && <MentionMenu id={id} candidates={candidates} at={place} onPick={choose} />}
    </span>
  );
}
