import { expect, it } from "vitest";
import { samplePerson } from "../fakeCall";
import type { CallPerson } from "../callPeople";
import { mainTile, personOf } from "./mainTile";

function person(id: string, { own = false, sharing = false } = {}): CallPerson {
  return {
    id,
    own,
    name: id,
    color: 1,
    avatarUrl: null,
    role: "participant",
    guest: false,
    microphoneOn: true,
    cameraOn: true,
    joinedAt: 1,
    media: samplePerson({ id, own, sharing }),
  };
}
const people = [person("marta"), person("jonas"), person("me", { own: true })];

it("shows who has the first place", () => {
  expect(mainTile(people, [], "jonas")).toBe("camera jonas");
});

it("puts what is pinned before that, a shared screen before a face, oneself last", () => {
  const sharing = [
    person("marta"),
    person("jonas", { sharing: true }),
    person("me", { own: true }),
  ];
  expect(mainTile(sharing, [], "marta")).toBe("screen jonas");
  expect(mainTile(sharing, ["camera marta"], "jonas")).toBe("camera marta");
  expect(mainTile(sharing, ["camera gone"], null)).toBe("screen jonas");
  expect(mainTile([person("me", { own: true })], [], null)).toBe("camera me");
  expect(mainTile([], [], null)).toBeNull();
});

it("does not show one's own shared screen unless it is pinned", () => {
  const own = [person("marta"), person("me", { own: true, sharing: true })];
  expect(mainTile(own, [], "marta")).toBe("camera marta");
  expect(mainTile(own, ["screen me"], "marta")).toBe("screen me");
});

it("finds the person of a tile", () => {
  expect(personOf(people, "screen jonas")?.id).toBe("jonas");
  expect(personOf(people, null)).toBeUndefined();
});
