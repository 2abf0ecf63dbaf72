/** The lines between messages: a new day, what is new, what the system says. */
import { ChevronDown } from "lucide-react";
import { useState } from "react";

import { t } from "../../i18n/translate";
import { Menu } from "../../ui/Menu";
import type { Message } from "../core/types";
import { useConversing } from "./ConversationContext";
import { DateDialog } from "./DateDialog";
import { told } from "./problemWords";
import { systemWords } from "./systemWords";
import { dayWords, momentOf, startOfDay, timeOf } from "./times";

const WEEK = 7;
const MONTH = 30;
const LONG_AGO = "1970-01-01T00:00:00Z";

/** Pressed, it leads to another day. */
export function DayLine({ moment }: { moment: string }) {
  const { source, onLatest } = useConversing();
  const [choosing, setChoosing] = useState(false);
  const words = dayWords(moment);
  const to = (date: string) => void told(source.jumpTo({ date }));
  return (
    <li className="nz-chat-line">
      <Menu
        label={t("conversation.jump_to")}
        align="center"
        entries={[
          { label: t("conversation.latest"), onChoose: onLatest },
          { label: t("conversation.yesterday"), onChoose: () => to(startOfDay(1)) },
          { label: t("conversation.week_ago"), onChoose: () => to(startOfDay(WEEK)) },
          { label: t("conversation.month_ago"), onChoose: () => to(startOfDay(MONTH)) },
          { label: t("conversation.beginning"), onChoose: () => to(LONG_AGO) },
          { kind: "rule" },
          { label: t("conversation.choose_date"), onChoose: () => setChoosing(true) },
        ]}
        trigger={(props) => (
          <button
            type="button"
            className="nz-day-key"
            {...props}
            aria-label={t("conversation.day", { day: words })}
          >
            {words}
            <ChevronDown size={14} aria-hidden="true" />
          </button>
        )}
      />
      {choosing && <DateDialog onChoose={to} onClose={() => setChoosing(false)} />}
    </li>
  );
}

export function NewLine() {
  return (
    <li className="nz-chat-line nz-chat-line-new" data-new="">
      <span>{t("conversation.new")}</span>
    </li>
  );
}

export function SystemLine({ message }: { message: Message }) {
  return (
    <li className="nz-system" data-message={message.id}>
      <bdi>{systemWords(message)}</bdi>{" "}
      <time dateTime={message.created_at} title={momentOf(message.created_at)}>
        {timeOf(message.created_at)}
      </time>
    </li>
  );
}
