/** The wire's shapes, as the server's own description says, under the names that the pages use. */

import type { components } from "./schema";

type Schemas = components["schemas"];

export type Participant = Schemas["Participant"];
export type ParticipantState = Schemas["ParticipantState"];
export type ParticipantRole = Schemas["Role"];
/** "" while a session lasts. */
export type EndedReason = Schemas["EndedReasonEnum"] | "";
export type Session = Omit<Schemas["Session"], "ended_reason"> & {
  readonly ended_reason: EndedReason;
};
export type SessionChange = Schemas["PatchedSessionChangeRequest"];
/** What one needs to enter the call: for one person, one session, a minute or two. */
export type CallToken = Schemas["JoinToken"];
export type JoinAnswer = Omit<Schemas["Place"], "session" | "link"> & { session: Session };
/** A seat in a channel's call, and the token for it. */
export type ChannelEntry = CallToken & { session: Session; participant: Participant };
export type Statistics = Schemas["Statistics"];
export type PersonStatistics = Schemas["PersonStatistics"];
export type Ticket = Schemas["Ticket"];
export type ParticipantPage = Schemas["PaginatedParticipantList"];
