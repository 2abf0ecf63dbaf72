/** One stay in LiveKit's room: from a grant until it is lost or left. */

import {
  ConnectionState,
  DisconnectReason,
  LogLevel,
  RemoteTrack,
  Room,
  RoomEvent,
  setLogLevel,
  Track,
} from "livekit-client";
import type { Participant } from "livekit-client";
import type { CallSound } from "./callSound";
import { ROOM_OPTIONS } from "./captureOptions";
import { HeardLevel } from "./heardLevel";
import type { Receiver } from "./heardLevel";
import { participantIdOf } from "./identity";
import type { OwnDevices } from "./ownDevices";
import { readRoom } from "./report";
import { Rescue } from "./rescue";
import { SilenceDetector, countArrived } from "./silence";
import type { Speaking } from "./speaking";
import { Subscriptions } from "./subscriptions";
import { screenVolumeId } from "./volumes";
import type { CallGrant, InSight, LostReason, ReceivedQuality } from "./types";

setLogLevel(LogLevel.warn);

export type ConnectionOptions = {
  sound: CallSound;
  speaking: Speaking;
  devices: OwnDevices;
  quality: ReceivedQuality;
  inSight: InSight;
  onChange: () => void;
  onLost: (reason: LostReason) => void;
};

const SPOKE_LATELY = 10_000;
const REASONS = new Map<DisconnectReason | undefined, LostReason>([
  [DisconnectReason.ROOM_DELETED, "room_deleted"],
  [DisconnectReason.ROOM_CLOSED, "room_deleted"],
  [DisconnectReason.PARTICIPANT_REMOVED, "removed"],
  [DisconnectReason.DUPLICATE_IDENTITY, "taken_over"],
]);

/** Anything of these may change what the page shows. */
const TELLING = [
  RoomEvent.ParticipantConnected,
  RoomEvent.ParticipantDisconnected,
  RoomEvent.ParticipantNameChanged,
  RoomEvent.TrackPublished,
  RoomEvent.TrackUnpublished,
  RoomEvent.TrackMuted,
  RoomEvent.TrackUnmuted,
  RoomEvent.LocalTrackPublished,
  RoomEvent.ConnectionQualityChanged,
  RoomEvent.AudioPlaybackStatusChanged,
  RoomEvent.Reconnecting,
  RoomEvent.SignalReconnecting,
  RoomEvent.Reconnected,
] as const;

export class Connection {
  readonly room = new Room(ROOM_OPTIONS);
  readonly subscriptions: Subscriptions;
  readonly #options: ConnectionOptions;
  readonly #silence: SilenceDetector;
  readonly #heard = new HeardLevel(() => this.#lastSpeakers().flatMap(receiverOf));
  readonly #spokeAt = new Map<Participant, number>();
  readonly #rescue = new Rescue(() => this.#giveUp());
  #silent = false;
  #entered = false;
  #closed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.subscriptions = new Subscriptions(this.room, options.quality, options.inSight);
    this.#silence = new SilenceDetector(
      () => this.#readArrived(),
      (silent) => {
        this.#silent = silent;
        this.#afterChange();
      },
    );
    this.#listen();
  }

  /** Rejects if the media server cannot be reached or does not let us in. */
  async enter(grant: CallGrant): Promise<void> {
    await this.room.connect(grant.url, grant.token, {
      autoSubscribe: false,
      maxRetries: 1,
      websocketTimeout: 6_000,
    });
    if (this.#closed) {
      await this.room.disconnect();
      return;
    }
    this.#entered = true;
    this.#options.devices.use(this.room.localParticipant);
    this.subscriptions.sync();
    this.#silence.start();
    this.#options.onChange();
  }

  /** Nothing arrives, or LiveKit says that it is on the way back. */
  get isInterrupted(): boolean {
    return this.#silent || this.room.state !== ConnectionState.Connected;
  }

  /** How loud the loudest of the others is at this moment, 0 to 1. */
  heardLevel(): number {
    return this.#heard.look();
  }

  report(): ReturnType<typeof readRoom> {
    return readRoom(this.room);
  }

  /** Leaves, and lets go of every device. Safe to call again. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#letGo();
    void this.room.disconnect();
  }

  #listen(): void {
    const { onChange, speaking, devices } = this.#options;
    for (const event of TELLING) {
      this.room.on(event, () => {
        this.subscriptions.sync();
        this.#afterChange();
      });
    }
    this.room
      // Before the media's way is open: what is to be received is on it from the start.
      .on(RoomEvent.SignalConnected, () => {
        this.subscriptions.sync();
      })
      .on(RoomEvent.TrackSubscribed, (track, publication, participant) => {
        this.#hear(participantIdOf(participant.identity), track, publication.source);
        onChange();
      })
      .on(RoomEvent.TrackUnsubscribed, (track) => {
        this.#options.sound.remove(track);
        onChange();
      })
      .on(RoomEvent.ActiveSpeakersChanged, (speakers) => {
        // Who speaks is heard, also where not everybody is.
        this.subscriptions.sync();
        speaking.update(new Set(speakers.map(({ identity }) => participantIdOf(identity))));
      })
      .on(RoomEvent.LocalTrackPublished, ({ track }) => {
        if (track) devices.opened(track);
      })
      .on(RoomEvent.TrackMuted, (publication, participant) => {
        if (participant.isLocal) devices.muted(publication.source);
      })
      .on(RoomEvent.LocalTrackUnpublished, (publication) => {
        devices.ended(publication.source);
        onChange();
      })
      .on(RoomEvent.Disconnected, (reason) => {
        this.#afterDisconnect(REASONS.get(reason) ?? "lost");
      });
  }

  #afterChange(): void {
    this.#rescue.follow(this.#entered && !this.#closed && this.isInterrupted);
    this.#options.onChange();
  }

  #hear(id: string, track: RemoteTrack, source: Track.Source): void {
    if (track.kind !== Track.Kind.Audio) return;
    const screen = source === Track.Source.ScreenShareAudio;
    this.#options.sound.add(screen ? screenVolumeId(id) : id, track);
  }

  /** The network is there, and this connection still is not. */
  #giveUp(): void {
    if (this.#closed) return;
    this.#afterDisconnect("lost");
    void this.room.disconnect();
  }

  /** The media server drops who takes a breath; their pauses are heard, too. */
  #lastSpeakers(): Participant[] {
    const now = Date.now();
    for (const speaker of this.room.activeSpeakers) {
      if (!speaker.isLocal) this.#spokeAt.set(speaker, now);
    }
    for (const [speaker, at] of this.#spokeAt) {
      if (now - at > SPOKE_LATELY) this.#spokeAt.delete(speaker);
    }
    return [...this.#spokeAt.keys()];
  }

  #afterDisconnect(reason: LostReason): void {
    if (!this.#entered || this.#closed) return;
    this.#closed = true;
    this.#letGo();
    this.#options.onLost(reason);
  }

  #letGo(): void {
    this.#rescue.stop();
    this.#silence.stop();
    this.subscriptions.stop();
    this.#options.speaking.clear();
    this.#options.devices.use(null);
  }

  /** Any track tells of the transport that all of them share. */
  async #readArrived(): Promise<number | null> {
    const everybody = [...this.room.remoteParticipants.values(), this.room.localParticipant];
    for (const participant of everybody) {
      for (const { track } of participant.trackPublications.values()) {
        const report = await track?.getRTCStatsReport();
        const arrived = report ? countArrived(report) : null;
        if (arrived !== null) return arrived;
      }
    }
    return null;
  }
}

function receiverOf(speaker: Participant): Receiver[] {
  const track = speaker.getTrackPublication(Track.Source.Microphone)?.track;
  return track instanceof RemoteTrack && track.receiver ? [track.receiver] : [];
}
