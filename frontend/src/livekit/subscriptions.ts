/** Receives the voices that are to be heard, and of the pictures those in sight. */

import { Track, VideoQuality } from "livekit-client";
import type { RemoteParticipant, RemoteTrackPublication, Room } from "livekit-client";
import { participantIdOf } from "./identity";
import { currentRemotes } from "./roomPeople";
import type { InSight, ReceivedQuality } from "./types";

/** A page that is turned back at once need not ask for its pictures anew. */
const LINGER = 3_000;
/**
 * So many microphones are received at most. Each costs the browser a decoder and a line in every
 * negotiation, whether anybody speaks or not; LiveKit says who speaks without them.
 */
export const MOST_HEARD = 50;
/** So few are all on the stage, whatever its size. */
const FEW = 8;

export class Subscriptions {
  readonly #room: Room;
  #inSight: InSight = { cameras: new Set(), screens: new Set() };
  #quality: ReceivedQuality;
  #allInSight = false;
  readonly #leaving = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(room: Room, quality: ReceivedQuality, inSight: InSight) {
    this.#room = room;
    this.#quality = quality;
    this.#inSight = inSight;
  }

  setInSight(inSight: InSight): void {
    this.#inSight = inSight;
    this.sync();
  }

  setQuality(quality: ReceivedQuality): void {
    this.#quality = quality;
    this.sync();
  }

  /** Asks the server for what should be received now; asks nothing that is already so. */
  sync(): void {
    const current = currentRemotes(this.#room);
    const heard = chooseHeard(current);
    const shown = new Set(current);
    // Before the page has drawn anybody it cannot say who is in sight.
    this.#allInSight = isEmpty(this.#inSight) && current.length <= FEW;
    for (const person of this.#room.remoteParticipants.values()) {
      const id = participantIdOf(person.identity);
      for (const publication of person.trackPublications.values()) {
        const wanted = shown.has(person) && this.#isWanted(id, publication, heard);
        this.#syncOne(publication, wanted);
      }
    }
  }

  stop(): void {
    for (const timer of this.#leaving.values()) clearTimeout(timer);
    this.#leaving.clear();
  }

  #syncOne(publication: RemoteTrackPublication, wanted: boolean): void {
    if (wanted) {
      this.#keep(publication.trackSid);
      if (!publication.isDesired) publication.setSubscribed(true);
      if (publication.kind === Track.Kind.Video) publication.setVideoQuality(this.#videoQuality());
    } else if (publication.isDesired) {
      this.#letGo(publication);
    }
  }

  #isWanted(id: string, publication: RemoteTrackPublication, heard: Heard): boolean {
    if (publication.source === Track.Source.Microphone) return heard.has(publication);
    if (publication.kind === Track.Kind.Audio) return true;
    if (this.#quality === "audio_only") return false;
    if (this.#allInSight) return true;
    const { cameras, screens } = this.#inSight;
    return (publication.source === Track.Source.ScreenShare ? screens : cameras).has(id);
  }

  #videoQuality(): VideoQuality {
    return this.#quality === "low_data" ? VideoQuality.LOW : VideoQuality.HIGH;
  }

  #keep(sid: string): void {
    clearTimeout(this.#leaving.get(sid));
    this.#leaving.delete(sid);
  }

  #letGo(publication: RemoteTrackPublication): void {
    const sid = publication.trackSid;
    if (this.#leaving.has(sid)) return;
    const timer = setTimeout(
      () => {
        this.#leaving.delete(sid);
        publication.setSubscribed(false);
      },
      this.#quality === "audio_only" ? 0 : LINGER,
    );
    this.#leaving.set(sid, timer);
  }
}

function isEmpty({ cameras, screens }: InSight): boolean {
  return cameras.size === 0 && screens.size === 0;
}

type Heard = ReadonlySet<RemoteTrackPublication>;

/**
 * In a small call everybody's microphone, also one that is off just now, so that the first word is
 * heard. In a large one those most likely to be heard: who speaks, then who could, and of equals
 * those that are received already, so that nothing is asked for in vain.
 */
function chooseHeard(people: readonly RemoteParticipant[]): Heard {
  const microphones = people.flatMap((person) => {
    const publication = person.getTrackPublication(Track.Source.Microphone);
    return publication ? [{ publication, rank: rankOf(person, publication) }] : [];
  });
  if (microphones.length > MOST_HEARD) microphones.sort((a, b) => b.rank - a.rank);
  return new Set(microphones.slice(0, MOST_HEARD).map(({ publication }) => publication));
}

function rankOf(person: RemoteParticipant, publication: RemoteTrackPublication): number {
  const could = publication.isMuted ? 0 : 2;
  return could + (person.isSpeaking ? 4 : 0) + (publication.isDesired ? 1 : 0);
}
