/** What the API does with one session. */

import { apiPath, request } from "./client";
import { withIdempotencyKey } from "./idempotency";
import type {
  CallToken,
  ChannelEntry,
  JoinAnswer,
  Participant,
  ParticipantPage,
  Session,
  Statistics,
  Ticket,
} from "./types";

const PAGE = 200;
const MOST_PAGES = 20;

const at = (slug: string) => `sessions/${encodeURIComponent(slug)}/`;

export function getSession(slug: string): Promise<Session> {
  return request<Session>(at(slug));
}

/** Takes a seat, or the seat one already has. The same name in a retry is the same request. */
export function joinSession(slug: string, displayName: string): Promise<JoinAnswer> {
  return withIdempotencyKey(`join ${slug} ${displayName}`, (idempotencyKey) =>
    request<JoinAnswer>(`${at(slug)}join/`, {
      method: "POST",
      body: { display_name: displayName },
      idempotencyKey,
    }),
  );
}

/** Into the channel's live session, which begins with the first one; the same press again is one entry. */
export function enterChannel(id: string): Promise<ChannelEntry> {
  return request<ChannelEntry>(`channels/${encodeURIComponent(id)}/join/`, {
    method: "POST",
    body: {},
  });
}

/**
 * A token for one entry into the call; every entry needs its own. After a loss the room may be gone,
 * too, and the server is told to see to it.
 */
export function mintToken(slug: string, { afterLoss }: { afterLoss: boolean }): Promise<CallToken> {
  return request<CallToken>(`${at(slug)}token/`, {
    method: "POST",
    body: afterLoss ? { after_loss: true } : {},
    timeout: 10_000,
  });
}

export function leaveSession(slug: string): Promise<void> {
  return request(`${at(slug)}leave/`, {
    method: "POST",
    body: {},
    keepalive: true,
    timeout: 5_000,
  });
}

export function endSession(slug: string): Promise<Session> {
  return request<Session>(`${at(slug)}end/`, { method: "POST", body: {} });
}

/** What the session was like, up to now or to its end; for its hosts alone. */
export function getStatistics(slug: string, signal?: AbortSignal): Promise<Statistics> {
  return request<Statistics>(`${at(slug)}statistics/`, signal ? { signal } : {});
}

/** Everybody admitted, over all pages. */
export async function listParticipants(slug: string): Promise<Participant[]> {
  const people: Participant[] = [];
  let path: string | null = `${at(slug)}participants/?limit=${PAGE}`;
  for (let page = 0; path && page < MOST_PAGES; page += 1) {
    const answer: ParticipantPage = await request<ParticipantPage>(path);
    people.push(...answer.results);
    path = answer.next ? apiPath(answer.next) : null;
  }
  return people;
}

/** A ticket that opens one socket once, within half a minute. */
export async function getTicket(socketPath: string): Promise<string> {
  const answer = await request<Ticket>("tickets/", { method: "POST", body: { path: socketPath } });
  return answer.ticket;
}
