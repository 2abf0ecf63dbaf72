/** What the join gate, the call and the end pages hand to each other. */
import type { Problem } from "../api/problem";
import type { CallToken, EndedReason, Participant, Session } from "../api/types";

/** What Django writes into the page as `nonza-config`. */
export type Config = {
  language: "en" | "ru";
  slug: string;
  /** Absolute link to send to others. */
  link: string;
  csrf_cookie: string;
  api: string;
  /** Known name of this person, or "". */
  display_name: string;
  session: Session | null;
  problem: Problem | null;
  media_available: boolean;
  /** Address of the model for background blur; null where the operator has brought none. */
  blur_model: string | null;
  /** Whether people can write to each other here. */
  chat: boolean;
};

/** A device as remembered: ids change with the browser's storage, labels hardly ever. */
export type RememberedDevice = { id: string; label: string };

export type CameraHeight = 360 | 720 | 1080;
export type ReceivedQuality = "automatic" | "low_data" | "audio_only";
export type ShareContent = "text" | "motion";

/** The key that one holds to talk while muted, by its place on the keyboard. */
export type TalkKey = "off" | "Space" | "Backquote";

/** Sound and picture settings, remembered in the browser and changed in gate and call alike. */
export type DeviceSettings = {
  microphone: {
    /** null: the system's choice. */
    device: RememberedDevice | null;
    echoCancellation: boolean;
    noiseSuppression: boolean;
    autoGainControl: boolean;
    talkKey: TalkKey;
  };
  speaker: {
    device: RememberedDevice | null;
    /** 0 to 1. */
    volume: number;
  };
  camera: {
    device: RememberedDevice | null;
    height: CameraHeight;
    mirror: boolean;
    blur: boolean;
  };
  received: ReceivedQuality;
  share: ShareContent;
};

/** Ids of the devices found for the remembered choice; undefined: the system's choice. */
export type ChosenDevices = {
  microphoneId: string | undefined;
  cameraId: string | undefined;
  speakerId: string | undefined;
};

/** What a person chose at the gate. */
export type JoinChoice = {
  displayName: string;
  microphoneOn: boolean;
  cameraOn: boolean;
  devices: ChosenDevices;
  settings: DeviceSettings;
};

/** Why the page is not, or no longer, in the call. */
export type EndReason =
  | { kind: "left" }
  | { kind: "ended"; reason: EndedReason; seconds?: number }
  | { kind: "expired" }
  | { kind: "full" }
  | { kind: "locked" }
  | { kind: "members_only" }
  | { kind: "not_found" }
  | { kind: "other_tab" }
  | { kind: "media_unavailable" }
  | { kind: "unsupported" }
  | { kind: "insecure" }
  | { kind: "removed" }
  | { kind: "banned" }
  | { kind: "offline" }
  | { kind: "error" };

/** Where a call goes on that shares its page with others: large over them, or in a bar. */
export type DockPlace = {
  /** The channel's or the session's. */
  name: string;
  expanded: boolean;
  /** Milliseconds since 1970. */
  since: number;
  expand: () => void;
  collapse: () => void;
};

/** Props of `call/CallPage`, the default export of the call's lazy chunk. */
export type CallPageProps = {
  config: Config;
  session: Session;
  participant: Participant;
  /** Asked for with the seat, for the first entry; null where nobody has asked yet. */
  firstToken: Promise<CallToken> | null;
  joinChoice: JoinChoice;
  /** null on a page of its own. */
  dock: DockPlace | null;
  onEnd: (end: EndReason) => void;
  onSettingsChange: (settings: DeviceSettings) => void;
};
