/** The live sessions beside the channels: who is in them, drawn into the cards that are there. */

import { putWhere, takeWhere, usersAt } from "./hereNow";
import { cloneTemplate, fillPerson } from "./personMarkup";
import type { SessionCard } from "./wire";
import { withData } from "./withData";

/** False: the card is none that could be drawn here, and the page has to be loaded anew. */
export function changeCard(session: SessionCard): boolean {
  const cards = cardsOf(session.id);
  putPeople(session);
  if (cards.length === 0) return session.status === "ended" || session.channel_id !== null;
  if (session.status === "ended") return false;
  return cards.map((card) => fill(card, session)).every(Boolean);
}

export function removeCard(id: string): void {
  for (const card of cardsOf(id)) card.remove();
  for (const userId of usersAt(`session:${id}`)) takeWhere(userId, `session:${id}`);
}

function cardsOf(id: string): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(withData("session", id))];
}

function fill(card: HTMLElement, session: SessionCard): boolean {
  const title = card.querySelector("[data-title]");
  if (title && title.textContent.trim() !== session.title) title.textContent = session.title;
  const faces = card.querySelector("[data-card-faces]");
  if (faces) drawFaces(faces, session);
  const number = card.querySelector("[data-people-count]");
  if (!number) return true;
  const before = Number.parseInt(number.textContent, 10);
  number.textContent = `${session.people_count}`;
  // Whether it is live, and for how long, only the server says.
  return before > 0 === session.people_count > 0;
}

function drawFaces(list: Element, { people, people_count }: SessionCard): void {
  const drawn = people.flatMap((person) => {
    const face = cloneTemplate("card-face-template");
    if (face) fillPerson(face, person);
    return face ? [face] : [];
  });
  const more = people_count - people.length;
  if (more > 0) {
    const rest = document.createElement("span");
    rest.className = "nz-avatar nz-avatar-28";
    rest.textContent = `+${more}`;
    drawn.push(rest);
  }
  list.replaceChildren(...drawn);
}

function putPeople(session: SessionCard): void {
  if (session.channel_id !== null) return;
  const place = `session:${session.id}`;
  const inside = session.status === "active" ? session.people : [];
  const users = inside.flatMap(({ user_id }) => (user_id ? [user_id] : []));
  for (const userId of users) putWhere(userId, place, session.title);
  // A card names the first few only: who is beyond them is left as they are.
  if (session.people_count > session.people.length && session.status === "active") return;
  for (const userId of usersAt(place)) if (!users.includes(userId)) takeWhere(userId, place);
}
