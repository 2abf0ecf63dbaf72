/** What we ask of microphone, camera and screen, and how they are sent. */

import { AudioPresets, ScreenSharePresets, VideoPresets } from "livekit-client";
import type {
  AudioCaptureOptions,
  RoomOptions,
  ScreenShareCaptureOptions,
  TrackPublishOptions,
  VideoCaptureOptions,
} from "livekit-client";
import type { MediaSettings } from "./types";

export const ROOM_OPTIONS: RoomOptions = {
  adaptiveStream: true,
  dynacast: true,
  disconnectOnPageLeave: true,
  publishDefaults: {
    videoCodec: "vp8",
    simulcast: true,
    backupCodec: false,
    audioPreset: AudioPresets.speech,
    dtx: true,
    red: true,
    // A stopped microphone takes a while to come back, and headsets click.
    stopMicTrackOnMute: false,
  },
};

export function microphoneOptions({ microphone }: MediaSettings): AudioCaptureOptions {
  return {
    deviceId: wanted(microphone.deviceId),
    echoCancellation: microphone.echoCancellation,
    noiseSuppression: microphone.noiseSuppression,
    autoGainControl: microphone.autoGainControl,
    voiceIsolation: false,
  };
}

const CAMERA_SIZES = {
  360: VideoPresets.h360.resolution,
  720: VideoPresets.h720.resolution,
  1080: VideoPresets.h1080.resolution,
};

export function cameraOptions(
  { camera }: MediaSettings,
  facing: "user" | "environment" | null,
): VideoCaptureOptions {
  const resolution = CAMERA_SIZES[camera.height];
  if (facing) return { facingMode: facing, resolution };
  return { deviceId: wanted(camera.deviceId), resolution };
}

export function shareOptions({ share }: MediaSettings): ScreenShareCaptureOptions {
  return {
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    contentHint: share === "text" ? "text" : "motion",
    resolution: sharePreset(share).resolution,
    selfBrowserSurface: "exclude",
    surfaceSwitching: "include",
    systemAudio: "include",
    suppressLocalAudioPlayback: false,
  };
}

export function sharePublishOptions({ share }: MediaSettings): TrackPublishOptions {
  return {
    screenShareEncoding: sharePreset(share).encoding,
    degradationPreference: share === "text" ? "maintain-resolution" : "maintain-framerate",
    // Its sound is music as often as speech.
    audioPreset: AudioPresets.music,
    dtx: false,
  };
}

function sharePreset(share: MediaSettings["share"]) {
  return share === "text" ? ScreenSharePresets.h1080fps15 : ScreenSharePresets.h1080fps30;
}

/** The system's choice is named "default": LiveKit drops all other wishes where no device is named. */
function wanted(deviceId: string | undefined): ConstrainDOMString {
  return deviceId ? { exact: deviceId } : { ideal: "default" };
}
