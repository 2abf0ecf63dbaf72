import { beforeEach, expect, it } from "vitest";
import { Drafts } from "./drafts";

beforeEach(() => localStorage.clear());

const quote = { id: "m1", display_name: "Marta", text: "Hello", deleted: false };

it("a draft survives a reload, in its own place", () => {
  new Drafts("a").set({ text: "Half a th", replyTo: quote });
  expect(new Drafts("a").get()).toEqual({ text: "Half a th", replyTo: quote });
  expect(new Drafts("b").get()).toEqual({ text: "", replyTo: null });
});

it("once it is sent nothing of it is left", () => {
  const drafts = new Drafts("a");
  drafts.set({ text: "x", replyTo: null });
  drafts.set({ text: "", replyTo: null });
  expect(localStorage.length).toBe(0);
});

it("of too many the oldest go", () => {
  for (let place = 0; place < 60; place += 1) {
    new Drafts(`place ${place}`).set({ text: "x", replyTo: null });
  }
  expect(localStorage.length).toBe(51);
  expect(new Drafts("place 9").get().text).toBe("");
  expect(new Drafts("place 10").get().text).toBe("x");
});

it("what is no draft is none", () => {
  localStorage.setItem("nonza.draft.a", '{"text": 1, "replyTo": {"id": 2}}');
  localStorage.setItem("nonza.drafts", '{"no": "list"}');
  const drafts = new Drafts("a");
  expect(drafts.get()).toEqual({ text: "", replyTo: null });
  drafts.set({ text: "x", replyTo: null });
  expect(new Drafts("a").get().text).toBe("x");
});

it("a browser that keeps nothing keeps it for the page", () => {
  const drafts = new Drafts("a", null);
  drafts.set({ text: "x", replyTo: null });
  expect(drafts.get().text).toBe("x");
});
