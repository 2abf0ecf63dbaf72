/** The members who are here now, how many they are, and in which call each of them is. */

import { t } from "../../i18n/translate";
import { cloneTemplate, fillPerson } from "./personMarkup";
import type { MemberPresence } from "./wire";
import { withData } from "./withData";

/**
 * What was said of each member since the page was last loaded: the same news a second time must
 * not be counted again.
 */
const told = new Map<string, boolean>();

export function changePresence(member: MemberPresence): void {
  // Whoever looks at the page is on it already.
  if (member.user_id === document.body.dataset.me) return;
  const rows = rowsOf(member.user_id);
  const known = told.get(member.user_id) ?? (rows.length > 0 ? true : undefined);
  told.set(member.user_id, member.online);
  if (member.online) for (const list of lists()) putRow(list, member);
  else for (const row of rows) row.remove();
  if (known !== member.online) addToCount(member.online ? 1 : -1);
}

/** The page was loaded anew: it says how things are. */
export function forgetPresence(): void {
  told.clear();
}

/** `place` tells two calls apart whose names are the same: "channel:{id}", "session:{id}". */
export function putWhere(userId: string, place: string, name: string): void {
  for (const where of wheresOf(userId)) {
    where.dataset.where = place;
    where.textContent = name ? t("spaces.in_place", { name }) : "";
  }
}

/** Who has gone on to another call meanwhile stays there. */
export function takeWhere(userId: string, place: string): void {
  for (const where of wheresOf(userId)) {
    if (where.dataset.where !== place && where.dataset.where !== "") continue;
    where.dataset.where = "";
    where.textContent = "";
  }
}

/** The users whom the page shows in this call. */
export function usersAt(place: string): string[] {
  const rows = document.querySelectorAll<HTMLElement>(
    `[data-here] > [data-user]:has(${withData("where", place)})`,
  );
  return [...new Set([...rows].map((row) => row.dataset.user ?? ""))];
}

function lists(): Element[] {
  return [...document.querySelectorAll("[data-here]")];
}

function rowsOf(userId: string): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(`[data-here] > ${withData("user", userId)}`)];
}

function wheresOf(userId: string): HTMLElement[] {
  return rowsOf(userId).flatMap((row) => [...row.querySelectorAll<HTMLElement>("[data-where]")]);
}

function putRow(list: Element, member: MemberPresence): void {
  const selector = `:scope > ${withData("user", member.user_id)}`;
  const row = list.querySelector<HTMLElement>(selector) ?? cloneTemplate("here-template");
  if (!row) return;
  row.dataset.user = member.user_id;
  fillPerson(row, member);
  if (!row.isConnected) list.append(row);
}

function addToCount(change: number): void {
  for (const number of document.querySelectorAll("[data-online-count]")) {
    const shown = Number.parseInt(number.textContent, 10);
    if (Number.isFinite(shown)) number.textContent = `${Math.max(0, shown + change)}`;
  }
}
