/** Who is in the call, and in what state. */

import { UserPlus } from "lucide-react";
import { t } from "../i18n/translate";
import { Button } from "../ui/Button";
import { useCallView } from "./CallContext";
import { copyLink } from "./copyLink";
import { Panel } from "./Panel";
import { PersonRow } from "./PersonRow";
import { usePagedList } from "./usePagedList";

export function PeoplePanel({ onClose }: { onClose: () => void }) {
  const { people, link } = useCallView();
  const own = people.filter((person) => person.own);
  const others = people.filter((person) => !person.own);
  const { shown, end, rest, showMore } = usePagedList([...own, ...others]);
  return (
    <Panel
      title={t("call.people")}
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
    >
      <h3 className="nz-section">
        {t("call.in_the_call")} <span>{people.length}</span>
      </h3>
      <ul>
        {shown.map((person) => (
          <PersonRow key={person.id} person={person} />
        ))}
      </ul>
      {rest > 0 && (
        <div ref={end} className="px-5 pt-2">
          <Button kind="quiet" size="sm" onClick={showMore}>
            {t("call.show_more", { count: rest })}
          </Button>
        </div>
      )}
    </Panel>
  );
}
