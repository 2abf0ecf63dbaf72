import { expect, it } from "vitest";
import type { CallPerson } from "./callPeople";
import { findPeople } from "./findPeople";

const people = ["Zoë Müller", "Марта Ёлкина", "Marta Silva", "martin"].map(
  (name) => ({ id: name, name }) as CallPerson,
);
const found = (words: string) => findPeople(people, words).map(({ name }) => name);

it("finds by any part of a name, whatever its case, order and accents", () => {
  expect(found("mart")).toEqual(["Marta Silva", "martin"]);
  expect(found("zoe")).toEqual(["Zoë Müller"]);
  expect(found("silva mar")).toEqual(["Marta Silva"]);
  expect(found("елк")).toEqual(["Марта Ёлкина"]);
  expect(found("nobody")).toEqual([]);
});

it("finds everybody without words", () => {
  expect(findPeople(people, "  ")).toBe(people);
});
