import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { setTitleCount } from "./titleBadge";

beforeEach(() => {
  document.title = "General";
});
afterEach(() => {
  setTitleCount("a", 0);
  setTitleCount("b", 0);
});

it("all that waits is counted together, and goes without a trace", () => {
  setTitleCount("a", 2);
  expect(document.title).toBe("(2) General");
  setTitleCount("b", 3);
  expect(document.title).toBe("(5) General");
  setTitleCount("a", 120);
  expect(document.title).toBe("(99+) General");
  setTitleCount("a", 0);
  setTitleCount("b", 0);
  expect(document.title).toBe("General");
});

it("another title of the page wears it, too", async () => {
  setTitleCount("a", 2);
  document.title = "Other";
  await vi.waitFor(() => expect(document.title).toBe("(2) Other"));
  setTitleCount("a", 0);
  expect(document.title).toBe("Other");
});
