import { beforeEach, expect, test } from "vitest";

import { forgetPresence } from "./hereNow";
import { drawSpaceEvent } from "./spaceEvents";
import type { Face, MemberPresence, SessionCard } from "./wire";

const TEMPLATES = `
  <template id="face-template"><li data-person=""><span class="nz-avatar nz-avatar-20"></span><span data-name></span></li></template>
  <template id="here-template"><li data-user=""><span class="nz-avatar"></span><span data-name></span><span data-where=""></span></li></template>
  <template id="card-face-template"><span class="nz-avatar nz-avatar-28"></span></template>`;
const PAGE = `
  <aside id="sidebar"><b data-online-count>1</b><ul>
    <li data-channel="galley"><span class="nz-nav-words">Galley</span><span data-count></span><ul data-faces></ul></li>
    <li data-channel="bridge"><span class="nz-nav-words">Bridge</span><span data-count></span><ul data-faces></ul></li>
    <li data-session="s1"><span data-title>Autumn timetable</span></li>
  </ul></aside>
  <main id="main">
    <div data-channel="galley"><ul data-faces></ul></div>
    <article data-session="s1"><b data-people-count>0</b><div data-card-faces></div></article>
    <ul data-here><li data-user="u-ilya"><span class="nz-avatar"></span><span data-name>Ilya</span><span data-where=""></span></li></ul>
  </main>`;

const ilya: Face = {
  participant_id: "p-ilya",
  user_id: "u-ilya",
  display_name: "Ilya Gromov",
  color: 4,
  avatar_url: null,
  microphone_on: true,
};
const dana: Face = {
  ...ilya,
  participant_id: "p-dana",
  user_id: null,
  display_name: "Dana",
  color: 2,
};
const noor: MemberPresence = {
  user_id: "u-noor",
  display_name: "Noor Haddad",
  color: 3,
  avatar_url: "/media/noor.webp",
  online: true,
};
const card: SessionCard = {
  id: "s1",
  slug: "abcd-efgh-jkmn",
  title: "Autumn timetable",
  status: "active",
  channel_id: null,
  people_count: 1,
  people: [ilya],
};

const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
const words = (selector: string) => all(selector).map((element) => element.textContent);
const faces = (channel: string) =>
  all(`#sidebar [data-channel="${channel}"] [data-person]`).map(
    (face) =>
      `${face.querySelector("[data-name]")!.textContent}${"muted" in face.dataset ? ", muted" : ""}`,
  );
const draw = (event: string, payload: unknown) => drawSpaceEvent({ event, payload });
const enter = (channel_id: string, person: Face) => draw("channel.entered", { channel_id, person });
const leave = (channel_id: string, participant_id: string) =>
  draw("channel.left", { channel_id, participant_id });
const where = () => words('[data-here] [data-user="u-ilya"] [data-where]');

beforeEach(() => {
  document.body.innerHTML = TEMPLATES + PAGE;
  forgetPresence();
});

test("who enters a channel stands under it, wherever it is shown", () => {
  expect(enter("galley", ilya)).toBe(true);
  enter("galley", dana);
  expect(faces("galley")).toEqual(["Ilya Gromov", "Dana"]);
  expect(all("#main [data-person]")).toHaveLength(2);
  expect(words('#sidebar [data-channel="galley"] [data-count]')).toEqual(["2"]);
  expect(all("[data-person] .nz-avatar")[0]!.className).toBe("nz-avatar nz-avatar-20 nz-person-4");
  expect(all("[data-person] .nz-avatar")[0]!.textContent).toBe("IG");
  expect(where()).toEqual(["in Galley"]);
});

test("the same news twice changes nothing", () => {
  enter("galley", ilya);
  const once = document.body.innerHTML;
  enter("galley", ilya);
  expect(document.body.innerHTML).toBe(once);
  leave("galley", "p-ilya");
  leave("galley", "p-ilya");
  expect(faces("galley")).toEqual([]);
  expect(words('#sidebar [data-channel="galley"] [data-count]')).toEqual([""]);
  expect(where()).toEqual([""]);
});

test("a face shows who is muted, renamed, or has a picture now", () => {
  enter("galley", ilya);
  draw("channel.person_changed", {
    channel_id: "galley",
    person: { ...ilya, microphone_on: false, display_name: "Ilya G", avatar_url: "/media/i.webp" },
  });
  expect(faces("galley")).toEqual(["Ilya G, muted"]);
  expect(all("#sidebar [data-person] img")[0]!.getAttribute("src")).toBe("/media/i.webp");
  draw("channel.person_changed", { channel_id: "galley", person: ilya });
  expect(faces("galley")).toEqual(["Ilya Gromov"]);
  expect(all("#sidebar [data-person] img")).toHaveLength(0);
});

test("a change that comes after the leaving brings nobody back", () => {
  enter("galley", ilya);
  leave("galley", "p-ilya");
  draw("channel.person_changed", { channel_id: "galley", person: ilya });
  expect(faces("galley")).toEqual([]);
});

test("who moves is where they went, whichever news comes first", () => {
  enter("galley", ilya);
  enter("bridge", ilya);
  leave("galley", "p-ilya");
  expect([faces("galley"), faces("bridge")]).toEqual([[], ["Ilya Gromov"]]);
  expect(where()).toEqual(["in Bridge"]);
});

test("names are words, never markup", () => {
  enter("galley", { ...ilya, display_name: "<img src=x onerror=alert(1)>" });
  expect(all("#sidebar [data-person] [data-name] img")).toHaveLength(0);
});

test("members come and go, and are counted once", () => {
  draw("presence.changed", noor);
  draw("presence.changed", noor);
  expect(words("[data-here] [data-name]")).toEqual(["Ilya", "Noor Haddad"]);
  expect(words("[data-online-count]")).toEqual(["2"]);
  draw("presence.changed", { ...noor, online: false });
  draw("presence.changed", { ...noor, online: false });
  expect(words("[data-here] [data-name]")).toEqual(["Ilya"]);
  expect(words("[data-online-count]")).toEqual(["1"]);
});

test("who stands in the page already is not counted again", () => {
  draw("presence.changed", { ...noor, user_id: "u-ilya", display_name: "Ilya" });
  expect(words("[data-online-count]")).toEqual(["1"]);
});

test("a card shows how many are in the session, and the first few", () => {
  draw("space_session.changed", { space_session: card });
  expect(draw("space_session.changed", { space_session: { ...card, people_count: 3 } })).toBe(true);
  expect(words("[data-people-count]")).toEqual(["3"]);
  expect(words("[data-card-faces] > *")).toEqual(["IG", "+2"]);
  expect(where()).toEqual(["in Autumn timetable"]);
  draw("space_session.changed", { space_session: { ...card, people_count: 0, people: [] } });
  expect(where()).toEqual([""]);
  expect(words("[data-card-faces] > *")).toEqual([]);
});

test("what only the server can draw asks for the page", () => {
  expect(draw("space_session.changed", { space_session: card })).toBe(false);
  const ended = { ...card, status: "ended" };
  expect(draw("space_session.changed", { space_session: ended })).toBe(false);
  expect(draw("space_session.changed", { space_session: { ...card, id: "new" } })).toBe(false);
  expect(draw("channel.created", { channel: {} })).toBe(false);
  expect(draw("member.removed", {})).toBe(false);
});

test("the call of a channel has its faces, and no card to draw", () => {
  const call = { ...card, id: "other", channel_id: "galley" };
  expect(draw("space_session.changed", { space_session: call })).toBe(true);
});

test("a session that was deleted goes, and nobody is in it", () => {
  draw("space_session.changed", { space_session: card });
  draw("space_session.deleted", { id: "s1" });
  expect(all("[data-session]")).toHaveLength(0);
  expect(where()).toEqual([""]);
});

test("whoever looks at the page is counted on it already, however many windows they open or close", () => {
  document.body.dataset.me = "u-ilya";
  const me = { ...noor, user_id: "u-ilya", display_name: "Ilya" };
  draw("presence.changed", { ...me, online: false });
  draw("presence.changed", me);
  forgetPresence();
  draw("presence.changed", me);
  delete document.body.dataset.me;
  expect(words("[data-online-count]")).toEqual(["1"]);
  expect(where()).toEqual([""]);
});
