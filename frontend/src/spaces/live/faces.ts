/**
 * Who is in which channel: each change of one face, drawn wherever the channel stands on the page.
 *
 * The page itself is the state. Each change says how it is now, so it may come twice.
 */

import { cloneTemplate, fillPerson } from "./personMarkup";
import { putWhere, takeWhere } from "./hereNow";
import type { Face } from "./wire";
import { withData } from "./withData";

export function enterChannel(channelId: string, person: Face): void {
  for (const row of rowsOf(channelId)) {
    const list = row.querySelector("[data-faces]");
    const face = faceIn(row, person.participant_id) ?? cloneTemplate("face-template");
    if (!list || !face) continue;
    fillFace(face, person);
    if (!face.isConnected) list.append(face);
    count(row);
  }
  if (person.user_id) putWhere(person.user_id, `channel:${channelId}`, channelName(channelId));
}

export function leaveChannel(channelId: string, participantId: string): void {
  const gone = new Set<string>();
  for (const row of rowsOf(channelId)) {
    const face = faceIn(row, participantId);
    if (face?.dataset.user) gone.add(face.dataset.user);
    face?.remove();
    count(row);
  }
  for (const userId of gone) takeWhere(userId, `channel:${channelId}`);
}

/** Of somebody who is not there nothing is drawn: they left, or their coming is still on its way. */
export function changeFace(channelId: string, person: Face): void {
  for (const row of rowsOf(channelId)) {
    const face = faceIn(row, person.participant_id);
    if (face) fillFace(face, person);
  }
}

export function channelName(channelId: string): string {
  const named = document.querySelector<HTMLElement>(withData("channel", channelId));
  return named?.querySelector(".nz-nav-words")?.textContent.trim() ?? "";
}

function rowsOf(channelId: string): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(withData("channel", channelId))];
}

function faceIn(row: HTMLElement, participantId: string): HTMLElement | null {
  return row.querySelector(`[data-faces] > ${withData("person", participantId)}`);
}

function fillFace(face: HTMLElement, person: Face): void {
  face.dataset.person = person.participant_id;
  if (person.user_id) face.dataset.user = person.user_id;
  face.toggleAttribute("data-muted", !person.microphone_on);
  fillPerson(face, person);
}

function count(row: HTMLElement): void {
  const people = row.querySelectorAll("[data-faces] > [data-person]").length;
  row.toggleAttribute("data-live", people > 0);
  const number = row.querySelector("[data-count]");
  if (number) number.textContent = people > 0 ? `${people}` : "";
}
