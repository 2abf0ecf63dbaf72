/** Receives every sound, and of the pictures those in sight. */

import { Track, VideoQuality } from "livekit-client";
import type { RemoteTrackPublication, Room } from "livekit-client";
import { participantIdOf } from "./identity";
import type { InSight, ReceivedQuality } from "./types";

/** A page that is turned back at once need not ask for its pictures anew. */
const LINGER = 3_000;

export class Subscriptions {
  readonly #room: Room;
  #inSight: InSight = { cameras: new Set(), screens: new Set() };
  #quality: ReceivedQuality;
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
    for (const person of this.#room.remoteParticipants.values()) {
      const id = participantIdOf(person.identity);
      for (const publication of person.trackPublications.values()) this.#syncOne(id, publication);
    }
  }

  stop(): void {
    for (const timer of this.#leaving.values()) clearTimeout(timer);
    this.#leaving.clear();
  }

  #syncOne(id: string, publication: RemoteTrackPublication): void {
    if (this.#isWanted(id, publication)) {
      this.#keep(publication.trackSid);
      if (!publication.isDesired) publication.setSubscribed(true);
      if (publication.kind === Track.Kind.Video) publication.setVideoQuality(this.#videoQuality());
    } else if (publication.isDesired) {
      this.#letGo(publication);
    }
  }

  #isWanted(id: string, publication: RemoteTrackPublication): boolean {
    if (publication.kind === Track.Kind.Audio) return true;
    if (this.#quality === "audio_only") return false;
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
