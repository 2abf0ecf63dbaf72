import { expect, it } from "vitest";
import { Takeover } from "./takeover";

it("knows its own connection, whether the news or the answer comes first", () => {
  const takeover = new Takeover();
  takeover.begin();
  expect(takeover.hear("me.1")).toBe(false);
  expect(takeover.finish("me.1")).toBe(false);
  takeover.begin();
  expect(takeover.finish("me.2")).toBe(false);
  expect(takeover.hear("me.2")).toBe(false);
});

it("knows another tab's", () => {
  const takeover = new Takeover();
  takeover.begin();
  takeover.finish("me.1");
  expect(takeover.hear("me.9")).toBe(true);
});

it("knows another tab's that came while it asked", () => {
  const takeover = new Takeover();
  takeover.begin();
  takeover.hear("me.1");
  takeover.hear("me.9");
  expect(takeover.finish("me.1")).toBe(true);
});

it("outlives news of an older connection while it asks", () => {
  const takeover = new Takeover();
  takeover.begin();
  takeover.hear("me.0");
  expect(takeover.finish("me.1")).toBe(false);
  takeover.hear("me.1");
});

it("is not taken over by news of an older connection of its own", () => {
  const takeover = new Takeover();
  takeover.begin();
  takeover.finish("me.1");
  takeover.begin();
  takeover.finish("me.2");
  expect(takeover.hear("me.1")).toBe(false);
  expect(takeover.hear("me.9")).toBe(true);
});

it("goes on with what it had when no answer came", () => {
  const takeover = new Takeover();
  takeover.begin();
  takeover.finish("me.1");
  takeover.begin();
  expect(takeover.finish(null)).toBe(false);
  expect(takeover.hear("me.1")).toBe(false);
});
