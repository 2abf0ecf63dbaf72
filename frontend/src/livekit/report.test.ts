import { expect, it } from "vitest";
import { pathOf, readFlow } from "./report";

const ADDRESS = "203.0.113.7";
const way = [
  { id: "T", type: "transport", selectedCandidatePairId: "P2" },
  { id: "P1", type: "candidate-pair", nominated: true, localCandidateId: "L1" },
  {
    id: "P2",
    type: "candidate-pair",
    localCandidateId: "L2",
    remoteCandidateId: "R",
    currentRoundTripTime: 0.0244,
    availableOutgoingBitrate: 900_000,
  },
  { id: "L1", type: "local-candidate", candidateType: "host", protocol: "udp", address: ADDRESS },
  {
    id: "L2",
    type: "local-candidate",
    candidateType: "relay",
    protocol: "udp",
    relayProtocol: "tls",
    address: ADDRESS,
    url: `turn:${ADDRESS}`,
  },
  { id: "R", type: "remote-candidate", candidateType: "host", address: ADDRESS },
];

it("tells the kind of the way in use, and nobody's address", () => {
  const path = pathOf(way);
  expect(path).toEqual({
    roundTrip: 24,
    type: "relay",
    protocol: "udp",
    relayProtocol: "tls",
    network: null,
    outgoingLimit: 900_000,
  });
  expect(JSON.stringify(path)).not.toContain(ADDRESS);
  expect(pathOf([])).toBeNull();
});

it("adds up the layers of a picture, and tells the largest one and what arrived of it", () => {
  const codec = { id: "C", type: "codec", mimeType: "video/VP8" };
  const layer = (rid: string, bytesSent: number, frameWidth?: number) => ({
    type: "outbound-rtp",
    rid,
    codecId: "C",
    bytesSent,
    packetsSent: bytesSent / 100,
    ...(frameWidth ? { frameWidth, frameHeight: (frameWidth * 9) / 16, framesPerSecond: 24 } : {}),
    qualityLimitationReason: "cpu",
  });
  const arrived = { type: "remote-inbound-rtp", packetsLost: 3, jitter: 0.012 };
  expect(
    readFlow([codec, layer("q", 1_000, 320), layer("f", 9_000, 1280), arrived], "out"),
  ).toEqual({
    codec: "VP8",
    bytes: 10_000,
    packets: 100,
    lost: 3,
    jitter: 12,
    width: 1280,
    height: 720,
    framesPerSecond: 24,
    limitedBy: "cpu",
  });
});

it("tells what is received, and nothing of a track that does not flow", () => {
  const entry = {
    type: "inbound-rtp",
    codecId: "C",
    bytesReceived: 500,
    packetsReceived: 9,
    packetsLost: 1,
    jitter: 0.003,
  };
  expect(readFlow([entry, { id: "C", type: "codec", mimeType: "audio/opus" }], "in")).toMatchObject(
    {
      codec: "opus",
      bytes: 500,
      packets: 9,
      lost: 1,
      jitter: 3,
    },
  );
  expect(readFlow([entry], "out")).toBeNull();
});
