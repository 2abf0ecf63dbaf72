/** Sessions and people for tests. */

import type { Participant, Session } from "./types";

const NOON = "2026-01-01T12:00:00Z";

export function sampleParticipant(change: Partial<Participant> = {}): Participant {
  return {
    id: "11111111-1111-4111-8111-111111111111",
    display_name: "Lena Orlova",
    kind: "guest",
    role: "participant",
    state: "admitted",
    color: 4,
    avatar_url: null,
    in_call: true,
    microphone_on: true,
    joined_at: NOON,
    created_at: NOON,
    updated_at: NOON,
    ...change,
  };
}

export function sampleSession(change: Partial<Session> = {}): Session {
  return {
    id: "99999999-9999-4999-8999-999999999999",
    slug: "qmvt-hzke-wrpd",
    title: "Autumn timetable",
    description: null,
    access: "open",
    status: "active",
    ended_reason: "",
    ended_at: null,
    locked: false,
    full: false,
    max_participants: 10,
    expires_at: null,
    description_in_gate: false,
    created_at: NOON,
    updated_at: NOON,
    started_at: NOON,
    space_id: null,
    channel_id: null,
    me: sampleParticipant({ role: "host" }),
    ...change,
  };
}
