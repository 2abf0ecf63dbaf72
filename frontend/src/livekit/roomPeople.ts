/** Reads who is in a room, and what they send, into plain values. */

import { ConnectionQuality, Track } from "livekit-client";
import type { Participant, RemoteParticipant, Room, TrackPublication } from "livekit-client";
import { participantIdOf } from "./identity";
import type { Speaking } from "./speaking";
import type { MediaPerson, VideoSource } from "./types";

const sources = new WeakMap<Track, VideoSource>();

/** The others by joining, then oneself; everybody once. */
export function readPeople(room: Room, speaking: Speaking): MediaPerson[] {
  const own = readPerson(room.localParticipant, speaking, true);
  const others = currentRemotes(room).map((participant) =>
    readPerson(participant, speaking, false),
  );
  return [...others, own];
}

/**
 * The others by joining. Who came back may be in the room twice for a while: of two connections of
 * one person the newer one counts, and none of one's own.
 */
export function currentRemotes(room: Room): RemoteParticipant[] {
  const newest = new Map<string, RemoteParticipant>();
  const byJoining = [...room.remoteParticipants.values()].sort((a, b) => joinedAt(a) - joinedAt(b));
  for (const participant of byJoining)
    newest.set(participantIdOf(participant.identity), participant);
  newest.delete(participantIdOf(room.localParticipant.identity));
  return [...newest.values()];
}

/** The same objects for people who did not change, so that their tiles need not be drawn again. */
export function keepUnchanged(
  before: readonly MediaPerson[],
  after: readonly MediaPerson[],
): readonly MediaPerson[] {
  const known = new Map(before.map((person) => [person.id, person]));
  return after.map((person) => {
    const old = known.get(person.id);
    return old && isSame(old, person) ? old : person;
  });
}

export function isWeak(participant: Participant): boolean {
  const quality = participant.connectionQuality;
  return quality === ConnectionQuality.Poor || quality === ConnectionQuality.Lost;
}

function readPerson(participant: Participant, speaking: Speaking, own: boolean): MediaPerson {
  const id = participantIdOf(participant.identity);
  const microphone = participant.getTrackPublication(Track.Source.Microphone);
  const camera = participant.getTrackPublication(Track.Source.Camera);
  const screen = participant.getTrackPublication(Track.Source.ScreenShare);
  return {
    id,
    own,
    name: participant.name ?? "",
    joinedAt: joinedAt(participant),
    microphoneOn: isSent(microphone),
    cameraOn: isSent(camera),
    sharing: isSent(screen),
    shareSound: isSent(participant.getTrackPublication(Track.Source.ScreenShareAudio)),
    camera: sourceOf(camera),
    screen: sourceOf(screen),
    speaking: speaking.has(id),
    lastSpokeAt: speaking.lastSpokeAt(id),
    weak: isWeak(participant),
  };
}

function isSent(publication: TrackPublication | undefined): boolean {
  return publication !== undefined && !publication.isMuted;
}

function sourceOf(publication: TrackPublication | undefined): VideoSource | null {
  const track = publication?.track;
  if (!publication || !track || publication.isMuted) return null;
  const known = sources.get(track);
  if (known) return known;
  const source: VideoSource = {
    key: publication.trackSid,
    attach: (element) => void track.attach(element),
    detach: (element) => void track.detach(element),
  };
  sources.set(track, source);
  return source;
}

function joinedAt(participant: Participant): number {
  return participant.joinedAt?.getTime() ?? Date.now();
}

function isSame(one: MediaPerson, other: MediaPerson): boolean {
  return (Object.keys(one) as (keyof MediaPerson)[]).every((field) => one[field] === other[field]);
}
