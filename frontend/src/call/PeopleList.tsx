/** The people of a call as a list that stays quick with two hundred of them. */

import { useRef, useState } from "react";
import type { CallPerson } from "./callPeople";
import { PersonRow } from "./PersonRow";
import { useWindowedList } from "./useWindowedList";

/** As `.nz-people-long li` has it. */
const ROW = 56;
/** Below this a plain list is quick enough, and its rows may be as high as their words. */
const LONG = 40;

export function PeopleList({ people }: { people: readonly CallPerson[] }) {
  if (people.length >= LONG) return <LongList people={people} />;
  return (
    <ul>
      {people.map((person) => (
        <PersonRow key={person.id} person={person} />
      ))}
    </ul>
  );
}

function LongList({ people }: { people: readonly CallPerson[] }) {
  const list = useRef<HTMLUListElement>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const { from, to } = useWindowedList(list, people.length, ROW);
  return (
    // Only looks where the focus is.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <ul
      ref={list}
      className="nz-people-long"
      style={{ height: people.length * ROW }}
      onFocus={(event) => setFocused(rowOf(event.target))}
      onBlur={() => setFocused(null)}
    >
      {people.map((person, place) => {
        // Where the focus is the row stays, however far one scrolls.
        const drawn = (place >= from && place < to) || person.id === focused;
        return (
          drawn && (
            <PersonRow
              key={person.id}
              person={person}
              top={place * ROW}
              at={place + 1}
              of={people.length}
            />
          )
        );
      })}
    </ul>
  );
}

function rowOf(element: Element): string | null {
  return element.closest<HTMLElement>("li[data-person]")?.dataset.person ?? null;
}
