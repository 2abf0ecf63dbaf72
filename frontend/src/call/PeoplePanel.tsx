/** Who is in the call, and in what state. */

import { UserPlus } from "lucide-react";
import { useMemo, useState } from "react";
import { t } from "../i18n/translate";
import { Button } from "../ui/Button";
import { TextField } from "../ui/TextField";
import { useCallView } from "./CallContext";
import { copyLink } from "./copyLink";
import { findPeople } from "./findPeople";
import { Panel } from "./Panel";
import { PeopleList } from "./PeopleList";

/** Fewer are found at a glance. */
const WORTH_SEARCHING = 20;

export function PeoplePanel({ onClose }: { onClose: () => void }) {
  const { people, link } = useCallView();
  const [words, setWords] = useState("");
  const searchable = people.length > WORTH_SEARCHING;
  const found = useMemo(() => {
    const own = people.filter((person) => person.own);
    const others = people.filter((person) => !person.own);
    return findPeople([...own, ...others], searchable ? words : "");
  }, [people, words, searchable]);
  const searching = searchable && words.trim() !== "";
  return (
    <Panel
      title={t("call.people")}
      keyId="people-key"
      onClose={onClose}
      action={
        <Button
          kind="quiet"
          size="sm"
          icon={<UserPlus size={16} aria-hidden="true" />}
          onClick={() => void copyLink(link)}
        >
          {t("call.invite")}
        </Button>
      }
      above={
        searchable && (
          <TextField
            className="nz-people-search"
            label={t("call.find_person")}
            labelHidden
            type="search"
            placeholder={t("call.find_person")}
            autoComplete="off"
            value={words}
            onChange={(event) => setWords(event.target.value)}
            onKeyDown={(event) => {
              // The first Escape clears the words, the next one closes the panel.
              if (event.key !== "Escape" || words === "") return;
              event.stopPropagation();
              setWords("");
            }}
          />
        )
      }
    >
      <h3 className="nz-section">
        {t("call.in_the_call")} <span>{people.length}</span>
      </h3>
      <p role="status" className={searching && found.length === 0 ? "nz-people-none" : "sr-only"}>
        {searching &&
          (found.length > 0
            ? t("call.people_found", { count: found.length })
            : t("call.nobody_found"))}
      </p>
      <PeopleList people={found} />
    </Panel>
  );
}
