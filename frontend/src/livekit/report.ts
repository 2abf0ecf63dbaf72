/** Reads how the media of a call are doing from the browser's statistics: numbers, and no addresses. */

import { Track, version } from "livekit-client";
import type { Room, TrackPublication } from "livekit-client";
import { currentRemotes } from "./roomPeople";
import type { Flow, FlowSource, MediaPath, MediaReport } from "./types";

/** In a crowd this many are enough to tell by. */
const MOST_RECEIVED = 30;

const SOURCES = new Map<Track.Source, FlowSource>([
  [Track.Source.Microphone, "microphone"],
  [Track.Source.Camera, "camera"],
  [Track.Source.ScreenShare, "screen"],
  [Track.Source.ScreenShareAudio, "screen_sound"],
]);

type Entry = Record<string, unknown>;

export async function readRoom(room: Room): Promise<Omit<MediaReport, "interruptions">> {
  const own = [...room.localParticipant.trackPublications.values()];
  const others = currentRemotes(room).flatMap((person) => [...person.trackPublications.values()]);
  const received = others.filter(({ track }) => track !== undefined).slice(0, MOST_RECEIVED);
  const sentStats = await Promise.all(own.map(readStats));
  const receivedStats = await Promise.all(received.map(readStats));
  const any = [...receivedStats, ...sentStats].find((entries) => pathOf(entries) !== null);
  return {
    at: Date.now(),
    path: any ? pathOf(any) : null,
    sent: own.flatMap((publication, index) => flowOf(publication, sentStats[index] ?? [], "out")),
    received: received.flatMap((publication, index) =>
      flowOf(publication, receivedStats[index] ?? [], "in"),
    ),
    server: room.serverInfo?.version ?? null,
    client: version,
  };
}

async function readStats(publication: TrackPublication): Promise<Entry[]> {
  const report = await publication.track?.getRTCStatsReport().catch(() => undefined);
  const entries: Entry[] = [];
  report?.forEach((entry: Entry) => entries.push(entry));
  return entries;
}

/** The way that is in use, of which only the kind is told. */
export function pathOf(entries: readonly Entry[]): MediaPath | null {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const transport = entries.find((entry) => entry.type === "transport");
  const pair =
    byId.get(transport?.selectedCandidatePairId) ??
    entries.find((entry) => entry.type === "candidate-pair" && entry.nominated === true);
  const local = byId.get(pair?.localCandidateId);
  if (!pair || !local) return null;
  return {
    roundTrip: inMilliseconds(pair.currentRoundTripTime),
    type: text(local.candidateType),
    protocol: text(local.protocol),
    relayProtocol: text(local.relayProtocol),
    network: text(local.networkType),
    outgoingLimit: number(pair.availableOutgoingBitrate),
  };
}

function flowOf(publication: TrackPublication, entries: Entry[], way: "in" | "out"): Flow[] {
  const source = SOURCES.get(publication.source);
  const flow = source && readFlow(entries, way);
  return flow ? [{ ...flow, key: publication.trackSid, source, muted: publication.isMuted }] : [];
}

/** Of several layers of one picture: all their bytes, and the size of the largest that is sent. */
export function readFlow(
  entries: readonly Entry[],
  way: "in" | "out",
): Omit<Flow, "key" | "source" | "muted"> | null {
  const layers = entries.filter(
    (entry) => entry.type === (way === "in" ? "inbound-rtp" : "outbound-rtp"),
  );
  const largest = layers.reduce<Entry | undefined>(
    (best, layer) => (best && area(best) >= area(layer) ? best : layer),
    undefined,
  );
  if (!largest) return null;
  const codec = entries.find((entry) => entry.id === largest.codecId);
  // What arrives of ours the other end tells.
  const ends = way === "in" ? layers : entries.filter((one) => one.type === "remote-inbound-rtp");
  const [end] = ends;
  return {
    codec: text(codec?.mimeType)?.replace(/^(audio|video)\//, "") ?? null,
    bytes: sum(layers, way === "in" ? "bytesReceived" : "bytesSent"),
    packets: sum(layers, way === "in" ? "packetsReceived" : "packetsSent"),
    lost: sum(ends, "packetsLost"),
    jitter: inMilliseconds(end?.jitter),
    width: number(largest.frameWidth),
    height: number(largest.frameHeight),
    framesPerSecond: number(largest.framesPerSecond),
    limitedBy: text(largest.qualityLimitationReason),
  };
}

const area = (entry: Entry) => (number(entry.frameWidth) ?? 0) * (number(entry.frameHeight) ?? 0);
const number = (value: unknown) => (typeof value === "number" ? value : null);
const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : null);

function sum(entries: readonly Entry[], field: string): number {
  return entries.reduce((total, entry) => total + (number(entry[field]) ?? 0), 0);
}

function inMilliseconds(seconds: unknown): number | null {
  const value = number(seconds);
  return value === null ? null : Math.round(value * 1_000);
}
