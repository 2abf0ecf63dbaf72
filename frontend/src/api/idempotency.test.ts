import { expect, it } from "vitest";
import { newIdempotencyKey, withIdempotencyKey } from "./idempotency";
import { ProblemError } from "./problem";

const failing = (code: string, status: number) => (key: string) => {
  used.push(key);
  return Promise.reject(new ProblemError({ code, status, title: "" }));
};
let used: string[] = [];

it("makes keys of 128 bits in the letters of the API", () => {
  const keys = Array.from({ length: 100 }, newIdempotencyKey);
  for (const key of keys) expect(key).toMatch(/^[A-Za-z0-9_-]{22}$/);
  expect(new Set(keys).size).toBe(100);
});

it("keeps its key while no answer came, and takes a new one after an answer", async () => {
  used = [];
  await withIdempotencyKey("a", failing("offline", 0)).catch(() => null);
  await withIdempotencyKey("a", failing("unavailable", 503)).catch(() => null);
  await withIdempotencyKey("a", failing("session_full", 409)).catch(() => null);
  await withIdempotencyKey("a", (key) => Promise.resolve(used.push(key)));
  await withIdempotencyKey("a", (key) => Promise.resolve(used.push(key)));
  expect(used[1]).toBe(used[0]);
  expect(used[2]).toBe(used[0]);
  expect(used[3]).not.toBe(used[0]);
  expect(used[4]).not.toBe(used[3]);
});

it("keeps purposes apart", async () => {
  used = [];
  await withIdempotencyKey("b", failing("offline", 0)).catch(() => null);
  await withIdempotencyKey("c", failing("offline", 0)).catch(() => null);
  expect(used[0]).not.toBe(used[1]);
});
