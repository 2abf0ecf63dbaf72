import { expect, it } from "vitest";
import { sampleParticipant, sampleSession } from "../api/samples";
import type { SessionState } from "../api/sessionStore";
import type { Participant } from "../api/types";
import { joinPeople } from "./callPeople";
import { samplePerson, sampleSnapshot } from "./fakeCall";

const me = sampleParticipant({ id: "me", role: "host", created_at: "2026-01-01T12:00:00Z" });
const marta = sampleParticipant({
  id: "marta",
  display_name: "Marta Silva",
  color: 7,
  created_at: "2026-01-01T12:05:00Z",
});
const jonas = sampleParticipant({ id: "jonas", created_at: "2026-01-01T12:01:00Z" });

function stateWith(...people: Participant[]): SessionState {
  return {
    session: sampleSession({ me }),
    participants: new Map(people.map((person) => [person.id, person])),
    loaded: true,
  };
}
const own = samplePerson({ id: "me", own: true });

it("takes who is there from the media, and who they are from the session", () => {
  const snapshot = sampleSnapshot({ people: [samplePerson({ name: "wire" }), own] });
  const [person, self] = joinPeople(snapshot, stateWith(me, marta, jonas), me);
  expect(person).toMatchObject({ id: "marta", name: "Marta Silva", color: 7, guest: true });
  expect(self).toMatchObject({ id: "me", own: true, role: "host", microphoneOn: true });
});

it("shows somebody whom the session has not told us of yet, by the name on the wire", () => {
  const snapshot = sampleSnapshot({ people: [samplePerson({ id: "new", name: "Noor" }), own] });
  expect(joinPeople(snapshot, stateWith(me), me)[0]).toMatchObject({ name: "Noor", color: 1 });
});

it("orders by joining the session, whatever LiveKit says, oneself last", () => {
  const people = [samplePerson({ id: "marta" }), samplePerson({ id: "jonas", joinedAt: 9 }), own];
  const joined = joinPeople(sampleSnapshot({ people }), stateWith(me, marta, jonas), me);
  expect(joined.map((person) => person.id)).toEqual(["jonas", "marta", "me"]);
});

it("shows the shape of what comes before the media are there", () => {
  const snapshot = sampleSnapshot({ identity: null, people: [], phase: "connecting" });
  const away = sampleParticipant({ id: "away", in_call: false });
  const joined = joinPeople(snapshot, stateWith(me, marta, away), me);
  expect(joined.map((person) => [person.id, person.media])).toEqual([
    ["marta", null],
    ["me", null],
  ]);
});

it("never shows another connection of oneself as somebody else", () => {
  const snapshot = sampleSnapshot({ people: [samplePerson({ id: "me" }), own] });
  expect(joinPeople(snapshot, stateWith(me), me)).toHaveLength(1);
});
