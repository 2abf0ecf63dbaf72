/** A call on LiveKit: enters, comes back by itself, and says at any time how things are. */

import { untilReached } from "../api/reach";
import { CallSound } from "./callSound";
import { Connection } from "./connection";
import { OwnDevices } from "./ownDevices";
import { retryDelay } from "./retry";
import { isWeak, keepUnchanged, readPeople } from "./roomPeople";
import { Speaking } from "./speaking";
import type {
  CallOptions,
  CallPhase,
  CallSnapshot,
  InSight,
  Interruption,
  LostReason,
  MediaCall,
  MediaPerson,
  MediaReport,
  MediaSettings,
} from "./types";
import type { VolumeStore } from "./volumes";

/** With more people than this, what happens to them is told at most so often. */
const CROWD = 12;
const PACE = 100;
/** For so long a picture that no longer moves may stay. */
const LAST_PICTURE = 15_000;
/** For so long after a loss we wait for others to come back, too. */
const GRACE = 3_000;

export class LiveCall implements MediaCall {
  readonly volumes: VolumeStore;
  readonly #getGrant: CallOptions["getGrant"];
  readonly #listeners = new Set<() => void>();
  readonly #speaking = new Speaking(() => this.#changed());
  readonly #devices: OwnDevices;
  #settings: MediaSettings;
  #sound: CallSound | null = null;
  #connection: Connection | null = null;
  #inSight: InSight = { cameras: new Set(), screens: new Set() };
  #phase: CallPhase = "connecting";
  #identity: string | null = null;
  #retryAt: number | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  /** Counts the tries to get in: of two only the later one goes on. */
  #turn = 0;
  #lost: LostReason | null = null;
  #interruptedAt: number | null = null;
  #backAt = 0;
  readonly #interruptions: Interruption[] = [];
  #refresh: ReturnType<typeof setTimeout> | undefined;
  #changePending: "none" | "paced" | "at once" = "none";
  #paced: ReturnType<typeof setTimeout> | undefined;
  #toldAt = 0;
  #running = false;
  #deafened = false;
  /** Deafening closed the microphone, which opens again with the ears. */
  #microphoneWaits = false;
  #snapshot: CallSnapshot;

  constructor(options: CallOptions, volumes: VolumeStore) {
    this.#getGrant = options.getGrant;
    this.#settings = options.settings;
    this.volumes = volumes;
    this.#devices = new OwnDevices(options, () => this.#changed(true));
    this.#snapshot = this.#read([]);
  }

  getSnapshot = (): CallSnapshot => this.#snapshot;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  start = (): void => {
    if (this.#running) return;
    this.#running = true;
    this.#phase = "connecting";
    this.#sound = new CallSound(this.volumes);
    this.#sound.setSpeaker(this.#settings.speaker.deviceId, this.#settings.speaker.volume);
    this.#sound.setDeafened(this.#deafened);
    addEventListener("online", this.retryNow);
    void this.#enter();
  };

  stop = (): void => {
    if (!this.#running) return;
    this.#running = false;
    this.#turn += 1;
    removeEventListener("online", this.retryNow);
    clearTimeout(this.#retry);
    clearTimeout(this.#refresh);
    this.#connection?.close();
    this.#connection = null;
    this.#sound?.close();
    this.#sound = null;
    this.#phase = "closed";
    this.#changed(true);
  };

  /** Who speaks wants to hear, too. */
  setMicrophone = (on: boolean): void => {
    if (on) this.#hear(true);
    this.#microphoneWaits = false;
    this.#devices.want("microphone", on);
  };
  setCamera = (on: boolean): void => this.#devices.want("camera", on);
  setShare = (on: boolean): void => this.#devices.want("share", on);
  setDeafened = (deafened: boolean): void => {
    if (deafened === this.#deafened) return;
    const microphone = deafened ? false : this.#microphoneWaits;
    this.#microphoneWaits = deafened && this.#devices.state("microphone").on;
    this.#hear(!deafened);
    if (this.#devices.state("microphone").on !== microphone) {
      this.#devices.want("microphone", microphone);
    }
  };

  switchCamera = (): void => this.#devices.switchCamera();

  applySettings = (settings: MediaSettings): void => {
    this.#settings = settings;
    this.#devices.applySettings(settings);
    this.#sound?.setSpeaker(settings.speaker.deviceId, settings.speaker.volume);
    this.#connection?.subscriptions.setQuality(settings.received);
  };

  setInSight = (inSight: InSight): void => {
    this.#inSight = inSight;
    this.#connection?.subscriptions.setInSight(inSight);
  };

  hearEveryone = (): void => {
    const changed = () => this.#changed();
    // Refused once more: the notice stays.
    this.#connection?.room.startAudio().then(changed, changed);
  };

  getOwnTracks = (): ReturnType<MediaCall["getOwnTracks"]> => ({
    microphone: this.#devices.track("microphone"),
    camera: this.#devices.track("camera"),
  });

  getMicrophone = (): MediaStreamTrack | null => this.#devices.openMicrophone();
  getHeardLevel = (): number => this.#connection?.heardLevel() ?? 0;

  readReport = async (): Promise<MediaReport> => {
    const none = { at: Date.now(), path: null, sent: [], received: [], server: null, client: null };
    const now = await this.#connection?.report();
    const lasting = this.#interruptedAt;
    const interruptions = lasting === null ? [] : [{ from: lasting, until: null }];
    return { ...(now ?? none), interruptions: [...this.#interruptions, ...interruptions] };
  };

  retryNow = (): void => {
    if (this.#retryAt === null) return;
    clearTimeout(this.#retry);
    this.#retryAt = null;
    void this.#enter();
    this.#changed();
  };

  #hear(heard: boolean): void {
    this.#deafened = !heard;
    this.#sound?.setDeafened(!heard);
    this.#changed(true);
  }

  async #enter(): Promise<void> {
    const sound = this.#sound;
    if (!sound) return;
    this.#turn += 1;
    const turn = this.#turn;
    let connection: Connection | null = null;
    try {
      if (this.#lost === "lost") await untilReached();
      if (turn !== this.#turn) return;
      const grant = await this.#getGrant(this.#lost);
      if (turn !== this.#turn) return;
      if (!grant) {
        this.stop();
        return;
      }
      connection = this.#newConnection(sound);
      this.#connection = connection;
      await connection.enter(grant);
      if (turn === this.#turn) this.#afterEntry(grant.identity);
    } catch (error) {
      connection?.close();
      if (turn !== this.#turn) return;
      // Perhaps there is no room any more: the next token says so, and has it made.
      if (connection) this.#lost ??= "lost";
      this.#retryLater(error);
    }
  }

  #newConnection(sound: CallSound): Connection {
    return new Connection({
      sound,
      speaking: this.#speaking,
      devices: this.#devices,
      quality: this.#settings.received,
      inSight: this.#inSight,
      onChange: () => this.#changed(),
      onLost: (reason) => this.#afterLoss(reason),
    });
  }

  #afterEntry(identity: string): void {
    this.#identity = identity;
    this.#attempt = 0;
    this.#lost = null;
    this.#phase = "connected";
    this.#changed();
  }

  #afterLoss(reason: LostReason): void {
    this.#connection = null;
    this.#lost = reason;
    this.#phase = "reconnecting";
    this.#changed();
    void this.#enter();
  }

  #retryLater(error: unknown): void {
    this.#connection = null;
    const delay = retryDelay(this.#attempt, error);
    this.#attempt += 1;
    this.#retryAt = Date.now() + delay;
    this.#retry = setTimeout(this.retryNow, delay);
    // While our own server is out of reach, nobody knows how the media are.
    if ((error as { code?: string }).code !== "offline") this.#phase = "unavailable";
    this.#changed();
  }

  /**
   * Many events come at once; the page is told once. In a crowd something happens all the time, and
   * the page is told ten times a second; what one does oneself is told at once.
   */
  #changed(urgent = false): void {
    const wait = this.#toldAt + PACE - Date.now();
    if (!urgent && wait > 0 && this.#snapshot.people.length > CROWD) {
      if (this.#changePending !== "none") return;
      this.#changePending = "paced";
      this.#paced = setTimeout(() => this.#tell(), wait);
    } else if (this.#changePending !== "at once") {
      this.#changePending = "at once";
      clearTimeout(this.#paced);
      queueMicrotask(() => this.#tell());
    }
  }

  #tell(): void {
    this.#changePending = "none";
    this.#toldAt = Date.now();
    this.#snapshot = this.#read(this.#readPeople());
    for (const listener of this.#listeners) listener();
  }

  #read(people: readonly MediaPerson[]): CallSnapshot {
    const room = this.#connection?.room;
    return {
      phase: this.#currentPhase(),
      retryAt: this.#retryAt,
      identity: this.#identity,
      people,
      microphone: this.#devices.state("microphone"),
      camera: this.#devices.state("camera"),
      cameraFacesAway: this.#devices.cameraFacesAway(),
      blurFailed: this.#devices.blurFailed,
      share: this.#devices.state("share"),
      deafened: this.#deafened,
      soundHeld: this.#phase === "connected" && room?.canPlaybackAudio === false,
      weak: room !== undefined && isWeak(room.localParticipant),
    };
  }

  #currentPhase(): CallPhase {
    if (this.#phase !== "connected") return this.#phase;
    return this.#connection?.isInterrupted ? "reconnecting" : "connected";
  }

  #readPeople(): readonly MediaPerson[] {
    const before = this.#snapshot.people;
    const room = this.#connection?.room;
    const isIn = room !== undefined && room.localParticipant.identity !== "";
    const now = isIn ? readPeople(room, this.#speaking) : [];
    this.#watchInterruption();
    if (this.#interruptedAt === null && Date.now() >= this.#backAt + GRACE) {
      return keepUnchanged(before, now);
    }
    return keepUnchanged(before, this.#withAbsent(before, now));
  }

  /** During a loss the others stay where they were, with their last picture for a while. */
  #withAbsent(before: readonly MediaPerson[], now: readonly MediaPerson[]): MediaPerson[] {
    const present = new Map(now.map((person) => [person.id, person]));
    const lost = this.#interruptedAt !== null;
    const faded = lost && Date.now() >= (this.#interruptedAt ?? 0) + LAST_PICTURE;
    const kept = before.map((old) => {
      const person = present.get(old.id) ?? old;
      present.delete(old.id);
      if (person.own || !lost) return person;
      const camera = faded ? null : (person.camera ?? old.camera);
      return { ...person, camera, speaking: false };
    });
    return [...kept, ...present.values()].sort((a, b) => Number(a.own) - Number(b.own));
  }

  #watchInterruption(): void {
    if (!this.#running) return;
    const interrupted = this.#currentPhase() !== "connected" && this.#identity !== null;
    if (interrupted && this.#interruptedAt === null) {
      this.#interruptedAt = Date.now();
      this.#refreshIn(LAST_PICTURE);
    } else if (!interrupted && this.#interruptedAt !== null) {
      this.#interruptions.push({ from: this.#interruptedAt, until: Date.now() });
      this.#interruptedAt = null;
      this.#backAt = Date.now();
      this.#refreshIn(GRACE);
    }
  }

  #refreshIn(milliseconds: number): void {
    clearTimeout(this.#refresh);
    this.#refresh = setTimeout(() => this.#changed(), milliseconds + 10);
  }
}
