/** What a session was like: a few figures, and who was there and spoke how much. */
import "./statistics.css";

import type { PersonStatistics, Statistics } from "../../api/types";
import { t } from "../../i18n/translate";
import { Avatar } from "../../ui/Avatar";
import { duration, percent } from "./duration";

export type FiguresProps = {
  statistics: Statistics;
  /** So many people are listed; the others are counted. */
  atMost?: number;
};

export function Figures({ statistics, atMost = Infinity }: FiguresProps) {
  const people = [...statistics.participants].sort(bySpeech);
  const listed = people.slice(0, atMost);
  const others = people.length - listed.length + statistics.others.people;
  return (
    <>
      <dl className="nz-statistics-figures">
        {figuresOf(statistics).map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {listed.length > 0 && (
        <>
          <h3 className="nz-statistics-figures-heading">{t("sessions.statistics_speech")}</h3>
          <ul className="nz-speech">
            {listed.map((person) => (
              <Person key={person.id} person={person} />
            ))}
          </ul>
        </>
      )}
      {others > 0 && (
        <p className="nz-hint mt-3">{t("sessions.statistics_others", { count: others })}</p>
      )}
    </>
  );
}

function Person({ person }: { person: PersonStatistics }) {
  const { display_name, color, in_call_seconds, speaking_share } = person;
  return (
    <li>
      <Avatar name={display_name} color={color} size={28} />
      <div>
        <p className="nz-speech-line">
          <bdi>{display_name}</bdi>
          <span>{t("sessions.statistics_inside", { time: duration(in_call_seconds) })}</span>
        </p>
        <p className="nz-speech-line">
          <span className="nz-speech-track" aria-hidden="true">
            <span
              className={`nz-person-${color}`}
              style={{ width: `${(speaking_share * 100).toFixed(1)}%` }}
            />
          </span>
          <span className="nz-speech-share">
            <span className="sr-only">{t("sessions.statistics_share")}</span>
            {percent(speaking_share)}
          </span>
        </p>
      </div>
    </li>
  );
}

/** Only what says something: nobody needs to read that no screen was shared. */
function figuresOf(statistics: Statistics): [label: string, value: string][] {
  const { seconds, people, peak, screen_share_seconds: shared, reconnections } = statistics;
  const { messages } = statistics.extra;
  const figures: [string, string][] = [
    [t("sessions.statistics_length"), duration(seconds)],
    [t("sessions.statistics_people"), String(people)],
  ];
  if (peak !== people) figures.push([t("sessions.statistics_peak"), String(peak)]);
  if (shared > 0) figures.push([t("sessions.statistics_shared"), duration(shared)]);
  if (reconnections > 0) {
    figures.push([t("sessions.statistics_reconnections"), String(reconnections)]);
  }
  if (typeof messages === "number" && messages > 0) {
    figures.push([t("sessions.statistics_messages"), String(messages)]);
  }
  return figures;
}

function bySpeech(one: PersonStatistics, other: PersonStatistics): number {
  return other.spoken_seconds - one.spoken_seconds || other.in_call_seconds - one.in_call_seconds;
}
