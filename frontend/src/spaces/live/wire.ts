/** What the sockets of a space and of a person push (docs/events.md). */

/** Somebody in a call, as the members of the space see them. */
export type Face = {
  participant_id: string;
  /** null: a guest. */
  user_id: string | null;
  display_name: string;
  /** Number of the person's pastel, 1 to 10. */
  color: number;
  avatar_url: string | null;
  microphone_on: boolean;
};

/** A member who came or went. */
export type MemberPresence = {
  user_id: string;
  display_name: string;
  color: number;
  avatar_url: string | null;
  online: boolean;
};

/** A session as a card shows it. */
export type SessionCard = {
  id: string;
  slug: string;
  title: string;
  status: "active" | "ended";
  channel_id: string | null;
  people_count: number;
  /** The first few. */
  people: Face[];
};

export type News = {
  id: string;
  kind: string;
  space_id: string | null;
  content: Record<string, string | null>;
};
