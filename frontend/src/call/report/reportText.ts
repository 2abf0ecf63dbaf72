/** The report as plain text, in English whatever the page's language: it is for whoever helps. */

import type { Flow, FlowSource } from "../../livekit/types";
import type { LiveReport } from "./useReport";

export type Surroundings = {
  now: Date;
  userAgent: string;
  /** Ids by which the operator finds this stay in the logs; neither opens anything. */
  session: string;
  participant: string;
  state: string;
  people: number;
  devices: { microphone: string | null; camera: string | null; speaker: string | null };
};

const NAMES: Record<FlowSource, string> = {
  microphone: "microphone",
  camera: "camera",
  screen: "screen",
  screen_sound: "screen sound",
};

export function reportText({ report, rates }: LiveReport, around: Surroundings): string {
  const { path } = report;
  const line = (flow: Flow) => {
    const { rate, loss } = rates.get(flow.key) ?? { rate: null, loss: 0 };
    const parts = [
      flow.codec,
      flow.width && flow.height ? `${flow.width}x${flow.height}` : null,
      flow.framesPerSecond === null ? null : `${Math.round(flow.framesPerSecond)} fps`,
      rate === null ? null : `${rate} kbit/s`,
      `loss ${loss} %`,
      flow.jitter === null ? null : `jitter ${flow.jitter} ms`,
      flow.limitedBy && flow.limitedBy !== "none" ? `limited by ${flow.limitedBy}` : null,
      flow.muted ? "muted" : null,
    ];
    return `  ${NAMES[flow.source]}: ${parts.filter((part) => part !== null).join(", ")}`;
  };
  const list = (title: string, lines: string[]) => [title, ...(lines.length ? lines : ["  none"])];
  const { devices } = around;
  return [
    `Nonza connection report, ${around.now.toISOString()}`,
    `session ${around.session}, participant ${around.participant}`,
    `browser: ${around.userAgent}`,
    `LiveKit: server ${report.server ?? "unknown"}, client ${report.client ?? "unknown"}`,
    `state: ${around.state}, ${around.people} in the call`,
    path
      ? `way: ${[path.type, path.protocol, path.relayProtocol, path.network].filter(Boolean).join(", ")}; ` +
        `round trip ${path.roundTrip ?? "unknown"} ms; ` +
        `may send ${path.outgoingLimit === null ? "unknown" : Math.round(path.outgoingLimit / 1_000)} kbit/s`
      : "way: not connected",
    ...list("devices:", [
      `  microphone: ${devices.microphone ?? "off"}`,
      `  camera: ${devices.camera ?? "off"}`,
      `  speaker: ${devices.speaker ?? "the system's choice"}`,
    ]),
    ...list("sent:", report.sent.map(line)),
    ...list("received:", report.received.map(line)),
    ...list(
      "interruptions:",
      report.interruptions.map(({ from, until }) =>
        until === null
          ? `  ${new Date(from).toISOString()}, still going on`
          : `  ${new Date(from).toISOString()}, ${((until - from) / 1_000).toFixed(1)} s`,
      ),
    ),
  ].join("\n");
}
