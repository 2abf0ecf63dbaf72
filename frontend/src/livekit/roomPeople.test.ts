import type { Room } from "livekit-client";
import { expect, it } from "vitest";
import { currentRemotes, readPeople } from "./roomPeople";
import { Speaking } from "./speaking";

function fakePerson(identity: string, joinedAt: number, sid = "PA_1") {
  const getTrackPublication = () => undefined;
  return { identity, sid, name: identity, joinedAt: new Date(joinedAt), getTrackPublication };
}

function fakeRoom(...identities: [string, number][]): Room {
  const remoteParticipants = new Map(
    identities.map(([identity, joinedAt]) => [identity, fakePerson(identity, joinedAt)]),
  );
  return { localParticipant: fakePerson("me.2", 50), remoteParticipants } as unknown as Room;
}

const speaking = new Speaking(() => undefined);
const people = (room: Room) => readPeople(room, speaking).map(({ id, name }) => [id, name]);

it("shows a person once, as the newest of their connections", () => {
  const room = fakeRoom(["marta.new", 30], ["dana.1", 20], ["marta.old", 10]);
  expect(people(room)).toEqual([
    ["marta", "marta.new"],
    ["dana", "dana.1"],
    ["me", "me.2"],
  ]);
  expect(currentRemotes(room).map(({ identity }) => identity)).toEqual(["marta.new", "dana.1"]);
});

it("shows the later comer of two who joined in one moment", () => {
  const room = fakeRoom(["marta.old", 10], ["marta.new", 10]);
  expect(people(room)).toEqual([
    ["marta", "marta.new"],
    ["me", "me.2"],
  ]);
});

it("does not show one's own older connection that has not been noticed as gone", () => {
  expect(people(fakeRoom(["me.1", 10]))).toEqual([["me", "me.2"]]);
});
