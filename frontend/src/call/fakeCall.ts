/** A call that tests hold in their hands, at the boundary of src/livekit. */

import { vi } from "vitest";
import type {
  CallSnapshot,
  MediaCall,
  MediaPerson,
  VideoSource,
  MediaReport,
} from "../livekit/types";
import { VolumeStore } from "../livekit/volumes";

const QUIET = { on: true, trouble: null };

export function sampleSnapshot(change: Partial<CallSnapshot> = {}): CallSnapshot {
  return {
    phase: "connected",
    retryAt: null,
    identity: "me.1",
    people: [samplePerson({ id: "me", own: true, name: "Lena Orlova" })],
    microphone: QUIET,
    camera: QUIET,
    cameraFacesAway: false,
    blurFailed: false,
    share: { ...QUIET, on: false },
    deafened: false,
    soundHeld: false,
    weak: false,
    ...change,
  };
}

export function samplePerson(change: Partial<MediaPerson> = {}): MediaPerson {
  return {
    id: "marta",
    own: false,
    name: "Marta Silva",
    joinedAt: 1,
    microphoneOn: true,
    cameraOn: true,
    sharing: false,
    shareSound: false,
    camera: fakeSource(),
    screen: null,
    speaking: false,
    lastSpokeAt: 0,
    weak: false,
    ...change,
  };
}

export function fakeSource(key = "camera"): VideoSource {
  return { key, attach: vi.fn(), detach: vi.fn() };
}

export function sampleReport(change: Partial<MediaReport> = {}): MediaReport {
  return {
    at: 0,
    path: {
      roundTrip: 24,
      type: "srflx",
      protocol: "udp",
      relayProtocol: null,
      network: null,
      outgoingLimit: 2_400_000,
    },
    sent: [],
    received: [],
    server: "1.13.5",
    client: "2.23.0",
    interruptions: [],
    ...change,
  };
}

export class FakeCall implements MediaCall {
  readonly volumes = new VolumeStore(null);
  snapshot: CallSnapshot;
  listeners = new Set<() => void>();
  start = vi.fn();
  stop = vi.fn();
  setMicrophone = vi.fn();
  setCamera = vi.fn();
  setShare = vi.fn();
  switchCamera = vi.fn();
  setDeafened = vi.fn();
  applySettings = vi.fn();
  setInSight = vi.fn();
  hearEveryone = vi.fn();
  retryNow = vi.fn();
  readReport = vi.fn<MediaCall["readReport"]>(() => Promise.resolve(sampleReport()));
  getMicrophone = vi.fn<() => MediaStreamTrack | null>(() => null);
  getHeardLevel = vi.fn(() => 0);
  getOwnTracks = vi.fn(() => ({ microphone: null, camera: null }));

  constructor(change: Partial<CallSnapshot> = {}) {
    this.snapshot = sampleSnapshot(change);
  }

  getSnapshot = (): CallSnapshot => this.snapshot;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };

  /** Something happened in the media. */
  change(change: Partial<CallSnapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    for (const listener of this.listeners) listener();
  }
}
