/** The wire's shapes under the names that the pages use. */

export type ParticipantState = "waiting" | "admitted" | "denied" | "left" | "removed" | "banned";
export type ParticipantRole = "host" | "cohost" | "participant";

export type Participant = {
  id: string;
  display_name: string;
  kind: "user" | "guest";
  role: ParticipantRole;
  state: ParticipantState;
  /** 1 to 10: which pastel names this person everywhere. */
  color: number;
  avatar_url: string | null;
  in_call: boolean;
  microphone_on: boolean;
  joined_at: string | null;
  created_at: string;
  updated_at: string;
};

export type EndedReason = "" | "host_ended" | "empty" | "abandoned" | "expired" | "too_long";

export type Session = {
  id: string;
  slug: string;
  title: string;
  description: string | null;
  access: "open" | "lobby" | "members";
  status: "active" | "ended";
  ended_reason: EndedReason;
  ended_at: string | null;
  locked: boolean;
  full: boolean;
  max_participants: number | null;
  expires_at: string | null;
  description_in_gate: boolean | null;
  created_at: string;
  updated_at: string;
  started_at: string | null;
  me: Participant | null;
};

/** What one needs to enter the call: for one person, one session, a minute or two. */
export type CallToken = { token: string; url: string; identity: string; expires_at: string };

export type JoinAnswer = { session: Session; participant: Participant; credential: string | null };

export type Ticket = { ticket: string; expires_at: string };

export type ParticipantPage = {
  next: string | null;
  previous: string | null;
  results: Participant[];
};

export type SessionChange = Partial<
  Pick<
    Session,
    "title" | "description" | "description_in_gate" | "locked" | "max_participants" | "expires_at"
  >
>;
