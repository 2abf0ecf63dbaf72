import { expect, it, vi } from "vitest";
import { sampleParticipant, sampleSession } from "./samples";
import { SessionStore } from "./sessionStore";

const marta = sampleParticipant({ id: "marta", display_name: "Marta" });
const jonas = sampleParticipant({ id: "jonas", display_name: "Jonas" });

async function loaded(): Promise<SessionStore> {
  const store = new SessionStore(sampleSession());
  await store.load(() => Promise.resolve({ session: sampleSession(), participants: [marta] }));
  return store;
}

const ids = (store: SessionStore) => [...store.getState().participants.keys()];

it("knows oneself before anything was loaded", () => {
  const store = new SessionStore(sampleSession());
  expect(ids(store)).toEqual([sampleParticipant().id]);
  expect(store.getState().loaded).toBe(false);
});

it("follows people who come, change and go", async () => {
  const store = await loaded();
  store.apply({ event: "participant.joined", payload: jonas });
  store.apply({ event: "participant.changed", payload: { ...marta, microphone_on: false } });
  expect(ids(store)).toEqual(["marta", "jonas"]);
  expect(store.getState().participants.get("marta")?.microphone_on).toBe(false);
  store.apply({ event: "participant.left", payload: { ...jonas, state: "left" } });
  expect(ids(store)).toEqual(["marta"]);
});

it("drops who was removed", async () => {
  const store = await loaded();
  store.apply({ event: "participant.changed", payload: { ...marta, state: "removed" } });
  expect(ids(store)).toEqual([]);
});

it("keeps what is newer than an event that came late", async () => {
  const store = await loaded();
  store.apply({
    event: "participant.changed",
    payload: { ...marta, display_name: "Old", updated_at: "2025-01-01T00:00:00Z" },
  });
  expect(store.getState().participants.get("marta")?.display_name).toBe("Marta");
});

it("applies what happened during a load after it", async () => {
  const store = await loaded();
  let answer: (value: {
    session: ReturnType<typeof sampleSession>;
    participants: [];
  }) => void = () => null;
  const load = store.load(() => new Promise((resolve) => (answer = resolve)));
  store.apply({ event: "participant.joined", payload: jonas });
  expect(ids(store)).toEqual(["marta"]);
  answer({ session: sampleSession(), participants: [] });
  await load;
  expect(ids(store)).toEqual(["jonas"]);
});

it("lets events through again after a load that failed", async () => {
  const store = await loaded();
  const load = store.load(() => Promise.reject(new Error("offline")));
  store.apply({ event: "participant.joined", payload: jonas });
  await expect(load).rejects.toThrow("offline");
  expect(ids(store)).toEqual(["marta", "jonas"]);
});

it("takes the later of two loads, whichever answers first", async () => {
  const store = await loaded();
  let late: (value: { session: ReturnType<typeof sampleSession>; participants: [] }) => void = () =>
    null;
  const first = store.load(() => new Promise((resolve) => (late = resolve)));
  await store.load(() => Promise.resolve({ session: sampleSession(), participants: [jonas] }));
  late({ session: sampleSession(), participants: [] });
  await first;
  expect(ids(store)).toEqual(["jonas"]);
});

it("keeps one's own row when a change of the session comes without it", async () => {
  const store = await loaded();
  const changed = sampleSession({ title: "Winter", me: null });
  store.apply({ event: "session.changed", payload: changed });
  expect(store.getState().session).toMatchObject({ title: "Winter", me: { role: "host" } });
});

it("updates one's own row with oneself", async () => {
  const store = await loaded();
  store.apply({ event: "participant.changed", payload: sampleParticipant({ role: "cohost" }) });
  expect(store.getState().session.me?.role).toBe("cohost");
});

it("knows that the session has ended", async () => {
  const store = await loaded();
  store.apply({ event: "session.ended", payload: { reason: "host_ended" } });
  expect(store.getState().session).toMatchObject({ status: "ended", ended_reason: "host_ended" });
});

it("tells its listeners of changes only", async () => {
  const store = await loaded();
  const listener = vi.fn();
  const off = store.subscribe(listener);
  store.apply({ event: "news.of.tomorrow", payload: {} });
  expect(listener).not.toHaveBeenCalled();
  store.apply({ event: "participant.joined", payload: jonas });
  expect(listener).toHaveBeenCalledOnce();
  off();
  store.apply({ event: "participant.left", payload: { ...jonas, state: "left" } });
  expect(listener).toHaveBeenCalledOnce();
});
