/** People as the call shows them: who they are from the session, what they send from the media. */

import type { SessionState } from "../api/sessionStore";
import type { Participant, ParticipantRole } from "../api/types";
import type { CallSnapshot, MediaPerson } from "../livekit/types";

export type CallPerson = {
  readonly id: string;
  readonly own: boolean;
  readonly name: string;
  readonly color: number;
  readonly avatarUrl: string | null;
  readonly role: ParticipantRole;
  readonly guest: boolean;
  readonly microphoneOn: boolean;
  readonly cameraOn: boolean;
  /** Milliseconds since 1970; the same for everybody in the call, also after a reload. */
  readonly joinedAt: number;
  /** null while the media have not brought this person yet. */
  readonly media: MediaPerson | null;
};

/**
 * The others by joining, then oneself. Who is in the call the media say; before they are there, the
 * session's list gives the shape of what comes.
 */
export function joinPeople(
  snapshot: CallSnapshot,
  state: SessionState,
  me: Participant,
): CallPerson[] {
  const participantOf = (id: string) => state.participants.get(id);
  const others = snapshot.identity
    ? snapshot.people
        .filter((person) => !person.own && person.id !== me.id)
        .map((media) => toPerson(media.id, participantOf(media.id), media))
    : expected(state, me.id).map((person) => toPerson(person.id, person, null));
  others.sort((a, b) => a.joinedAt - b.joinedAt || a.id.localeCompare(b.id));
  const media = snapshot.people.find((person) => person.own) ?? null;
  const own = makePerson(me.id, participantOf(me.id) ?? state.session.me ?? me, media);
  return [
    ...others,
    { ...own, own: true, microphoneOn: snapshot.microphone.on, cameraOn: snapshot.camera.on },
  ];
}

function expected(state: SessionState, ownId: string): Participant[] {
  return [...state.participants.values()].filter((person) => person.in_call && person.id !== ownId);
}

type Known = { participant: Participant | undefined; person: CallPerson };
const known = new WeakMap<MediaPerson, Known>();

/** The same object for who did not change, so that only tiles and rows that did are drawn again. */
function toPerson(
  id: string,
  participant: Participant | undefined,
  media: MediaPerson | null,
): CallPerson {
  const before = media && known.get(media);
  if (before && before.participant === participant) return before.person;
  const person = makePerson(id, participant, media);
  if (media) known.set(media, { participant, person });
  return person;
}

function makePerson(
  id: string,
  participant: Participant | undefined,
  media: MediaPerson | null,
): CallPerson {
  return {
    id,
    own: false,
    name: participant?.display_name ?? media?.name ?? "",
    color: participant?.color ?? 1,
    avatarUrl: participant?.avatar_url ?? null,
    role: participant?.role ?? "participant",
    guest: participant?.kind === "guest",
    microphoneOn: media ? media.microphoneOn : (participant?.microphone_on ?? false),
    cameraOn: media?.cameraOn ?? false,
    joinedAt: participant ? Date.parse(participant.created_at) : (media?.joinedAt ?? 0),
    media,
  };
}
