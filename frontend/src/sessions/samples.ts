/** Made-up pages for tests. */
import type { Participant, Session } from "../api/types";
import type { Config } from "./types";

export const SAMPLE_PARTICIPANT: Participant = {
  id: "p1",
  display_name: "Dana",
  kind: "guest",
  role: "participant",
  state: "admitted",
  color: 4,
  avatar_url: null,
  in_call: false,
  microphone_on: false,
  joined_at: null,
  created_at: "2026-01-01T10:00:00Z",
  updated_at: "2026-01-01T10:00:00Z",
};

export const SAMPLE_SESSION: Session = {
  id: "s1",
  slug: "qmvt-hzke-wrpd",
  title: "Autumn timetable",
  description: null,
  access: "open",
  status: "active",
  ended_reason: "",
  ended_at: null,
  locked: false,
  full: false,
  max_participants: null,
  expires_at: null,
  description_in_gate: null,
  created_at: "2026-01-01T10:00:00Z",
  updated_at: "2026-01-01T10:00:00Z",
  started_at: null,
  space_id: null,
  channel_id: null,
  me: null,
};

export const SAMPLE_CONFIG: Config = {
  language: "en",
  slug: SAMPLE_SESSION.slug,
  link: "http://localhost:8000/session/qmvt-hzke-wrpd/",
  csrf_cookie: "csrftoken",
  api: "/api/v1/",
  display_name: "",
  session: SAMPLE_SESSION,
  problem: null,
  media_available: true,
  blur_model: null,
  chat: false,
};
