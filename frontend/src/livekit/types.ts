/** What the call page knows of the media: plain values, none of them LiveKit's. */

import type { VolumeStore } from "./volumes";

/** A moving picture that an element can show. */
export type VideoSource = {
  /** Changes when the element has to be given another stream. */
  readonly key: string;
  readonly attach: (element: HTMLVideoElement) => void;
  readonly detach: (element: HTMLVideoElement) => void;
};

export type MediaPerson = {
  /** The participant's id, the stable part of the LiveKit identity. */
  readonly id: string;
  readonly own: boolean;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly joinedAt: number;
  readonly microphoneOn: boolean;
  readonly cameraOn: boolean;
  readonly sharing: boolean;
  readonly shareSound: boolean;
  /** null while the camera is off or its picture is not received. */
  readonly camera: VideoSource | null;
  readonly screen: VideoSource | null;
  readonly speaking: boolean;
  /** Milliseconds since 1970; 0 for who has not spoken yet. */
  readonly lastSpokeAt: number;
  readonly weak: boolean;
};

/**
 * connecting: not in yet. connected. reconnecting: was in, and nothing arrives just now.
 * unavailable: the way in is closed, tried again at `retryAt`. closed: over, for whatever reason.
 */
export type CallPhase = "connecting" | "connected" | "reconnecting" | "unavailable" | "closed";

export type DeviceTrouble = "blocked" | "missing" | "busy" | "failed";
export type OwnDevice = {
  readonly on: boolean;
  readonly trouble: DeviceTrouble | null;
};

export type CallSnapshot = {
  readonly phase: CallPhase;
  /** Milliseconds since 1970; only while unavailable. */
  readonly retryAt: number | null;
  readonly identity: string | null;
  /** The others by joining, then oneself. */
  readonly people: readonly MediaPerson[];
  readonly microphone: OwnDevice;
  readonly camera: OwnDevice;
  /** One's own camera is the back one of a phone. */
  readonly cameraFacesAway: boolean;
  /** Blur was wanted and did not start: the camera is on without it. */
  readonly blurFailed: boolean;
  readonly share: OwnDevice;
  /** One hears nobody, by one's own wish. */
  readonly deafened: boolean;
  /** The browser lets no sound out before a gesture. */
  readonly soundHeld: boolean;
  /** One's own connection is poor. */
  readonly weak: boolean;
};

export type ReceivedQuality = "automatic" | "low_data" | "audio_only";

export type MediaSettings = {
  microphone: {
    deviceId: string | undefined;
    echoCancellation: boolean;
    noiseSuppression: boolean;
    autoGainControl: boolean;
  };
  camera: {
    deviceId: string | undefined;
    height: 360 | 720 | 1080;
    /** Address of the model that finds the person; null: the background stays as it is. */
    blur: string | null;
  };
  speaker: { deviceId: string | undefined; volume: number };
  received: ReceivedQuality;
  share: "text" | "motion";
};

/** Ids of the participants whose camera or screen is on the stage. */
export type InSight = { cameras: ReadonlySet<string>; screens: ReadonlySet<string> };

export type CallGrant = { token: string; url: string; identity: string };

/** Why a connection ended for good, as far as the media server says. */
export type LostReason = "room_deleted" | "removed" | "taken_over" | "lost";

export type CallOptions = {
  /** Asks for a way in. null: there is none any more, and the page knows why. */
  getGrant: (lost: LostReason | null) => Promise<CallGrant | null>;
  microphoneOn: boolean;
  cameraOn: boolean;
  settings: MediaSettings;
};

export type FlowSource = "microphone" | "camera" | "screen" | "screen_sound";

/** One sound or picture on its way; counts are since it began. */
export type Flow = {
  readonly key: string;
  readonly source: FlowSource;
  readonly muted: boolean;
  readonly codec: string | null;
  readonly bytes: number;
  readonly packets: number;
  readonly lost: number;
  /** Milliseconds. */
  readonly jitter: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly framesPerSecond: number | null;
  /** What keeps a picture small: "none", "cpu", "bandwidth", "other". */
  readonly limitedBy: string | null;
};

/** The way between browser and media server, without anybody's address. */
export type MediaPath = {
  /** Milliseconds. */
  readonly roundTrip: number | null;
  /** "host", "srflx", "prflx" or "relay". */
  readonly type: string | null;
  /** "udp" or "tcp". */
  readonly protocol: string | null;
  readonly relayProtocol: string | null;
  readonly network: string | null;
  /** Bits a second that the browser believes it may send. */
  readonly outgoingLimit: number | null;
};

/** A time in which nothing arrived; milliseconds since 1970, `until` null while it lasts. */
export type Interruption = { readonly from: number; readonly until: number | null };

export type MediaReport = {
  readonly at: number;
  /** null while there is no connection. */
  readonly path: MediaPath | null;
  readonly sent: readonly Flow[];
  readonly received: readonly Flow[];
  /** Versions of LiveKit. */
  readonly server: string | null;
  readonly client: string | null;
  readonly interruptions: readonly Interruption[];
};

/** The call as the page drives it. */
export type MediaCall = {
  readonly volumes: VolumeStore;
  getSnapshot: () => CallSnapshot;
  subscribe: (listener: () => void) => () => void;
  start: () => void;
  /** Ends it for good and lets go of every device. Safe to call again. */
  stop: () => void;
  setMicrophone: (on: boolean) => void;
  setCamera: (on: boolean) => void;
  setShare: (on: boolean) => void;
  /** From the front camera to the back one, and back. */
  switchCamera: () => void;
  /** Nobody is heard, and one's own microphone is off; both come back as they were. */
  setDeafened: (deafened: boolean) => void;
  applySettings: (settings: MediaSettings) => void;
  setInSight: (inSight: InSight) => void;
  hearEveryone: () => void;
  /** The tracks that are open now, so that nobody opens the devices twice. */
  getOwnTracks: () => { microphone: MediaStreamTrack | null; camera: MediaStreamTrack | null };
  /** The open microphone itself, muted or not; nobody is sent what is heard from it here. */
  getMicrophone: () => MediaStreamTrack | null;
  /** How loud the loudest of the others is at this moment, 0 to 1. */
  getHeardLevel: () => number;
  retryNow: () => void;
  /** How the media are doing at this moment. */
  readReport: () => Promise<MediaReport>;
};
