/** How sound and picture are doing, to be read, and copied for whoever helps. */

import "../styles/report.css";

import { Check, Copy } from "lucide-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { currentLanguage, t } from "../../i18n/translate";
import type { MessageKey } from "../../i18n/messages";
import type { Flow, MediaPath } from "../../livekit/types";
import { announce } from "../../ui/announcements";
import { Button } from "../../ui/Button";
import { Modal } from "../../ui/Modal";
import { useCallView } from "../CallContext";
import type { CallView } from "../CallContext";
import { reportText } from "./reportText";
import type { LiveReport } from "./useReport";
import { useReport } from "./useReport";

export default function ReportDialog({ onClose }: { onClose: () => void }) {
  const view = useCallView();
  const live = useReport(view.call);
  const [copied, setCopied] = useState<"no" | "yes" | "refused">("no");
  const copy = async () => {
    if (!live) return;
    try {
      await navigator.clipboard.writeText(reportText(live, surroundings(view)));
      setCopied("yes");
      announce(t("call.report_copied"));
    } catch {
      setCopied("refused");
    }
  };
  return (
    <Modal
      title={t("call.report")}
      wide
      onClose={onClose}
      foot={
        <Button
          kind="primary"
          icon={
            copied === "yes" ? (
              <Check size={18} aria-hidden="true" />
            ) : (
              <Copy size={18} aria-hidden="true" />
            )
          }
          onClick={() => void copy()}
        >
          {copied === "yes" ? t("call.report_copied") : t("call.report_copy")}
        </Button>
      }
    >
      <p className="nz-hint">{t("call.report_what")}</p>
      {live && <Report live={live} view={view} />}
      {live && copied === "refused" && (
        <>
          <p role="alert" className="nz-hint mt-3">
            {t("call.report_not_copied")}
          </p>
          <pre className="nz-report-text" lang="en">
            {reportText(live, surroundings(view))}
          </pre>
        </>
      )}
    </Modal>
  );
}

function Report({ live, view }: { live: LiveReport; view: CallView }) {
  const { report } = live;
  const { devices } = surroundings(view);
  const off = t("call.report_off");
  return (
    <div className="nz-report">
      <Section title={t("call.report_way")}>
        {report.path ? (
          <Way path={report.path} />
        ) : (
          <Line name={t("call.report_state")} words={t("call.report_no_way")} />
        )}
      </Section>
      <Section title={t("call.report_devices")}>
        <Line name={t("call.report_microphone")} words={devices.microphone ?? off} />
        <Line name={t("call.report_camera")} words={devices.camera ?? off} />
        <Line name={t("call.report_speaker")} words={devices.speaker ?? t("call.report_system")} />
      </Section>
      <Flows title={t("call.report_sent")} flows={report.sent} live={live} />
      <Flows title={t("call.report_received")} flows={report.received} live={live} />
      <Section title={t("call.report_losses")}>
        {report.interruptions.map(({ from, until }) => (
          <Line
            key={from}
            name={new Date(from).toLocaleTimeString(currentLanguage())}
            words={
              until === null
                ? t("call.report_lasting")
                : t("call.report_seconds", {
                    count: Math.max(1, Math.round((until - from) / 1_000)),
                  })
            }
          />
        ))}
        {report.interruptions.length === 0 && (
          <Line name={t("call.report_state")} words={t("call.report_none")} />
        )}
      </Section>
      <Section title={t("call.report_versions")}>
        <Line name="LiveKit" words={`${report.server ?? "–"} / ${report.client ?? "–"}`} />
      </Section>
    </div>
  );
}

const PATHS: Record<string, MessageKey> = {
  host: "call.report_path_host",
  srflx: "call.report_path_srflx",
  prflx: "call.report_path_prflx",
  relay: "call.report_path_relay",
};

function Way({ path }: { path: MediaPath }) {
  const key = PATHS[path.type ?? ""];
  const kind = [path.type, path.protocol, path.relayProtocol].filter(Boolean).join(", ");
  const words = key ? wordsOf(key) : "";
  return (
    <>
      <Line name={t("call.report_path")} words={words ? `${words} (${kind})` : kind} />
      {path.roundTrip !== null && (
        <Line
          name={t("call.report_round_trip")}
          words={t("call.report_ms", { ms: path.roundTrip })}
        />
      )}
      {path.outgoingLimit !== null && (
        <Line
          name={t("call.report_limit")}
          words={t("call.report_rate", { rate: Math.round(path.outgoingLimit / 1_000) })}
        />
      )}
    </>
  );
}

function Flows({
  title,
  flows,
  live,
}: {
  title: string;
  flows: readonly Flow[];
  live: LiveReport;
}) {
  return (
    <Section title={title}>
      {flows.map((flow) => (
        <Line key={flow.key} name={t(`call.report_${flow.source}`)} words={flowWords(flow, live)} />
      ))}
      {flows.length === 0 && <Line name={t("call.report_state")} words={t("call.report_none")} />}
    </Section>
  );
}

function flowWords(flow: Flow, { rates }: LiveReport): string {
  if (flow.muted) return t("call.report_off");
  const { rate, loss } = rates.get(flow.key) ?? { rate: null, loss: 0 };
  const { codec, width, height, framesPerSecond: frames, jitter, limitedBy } = flow;
  return [
    codec,
    width && height && `${width} × ${height}`,
    frames !== null && t("call.report_frames", { frames: Math.round(frames) }),
    rate !== null && t("call.report_rate", { rate }),
    t("call.report_loss", { loss }),
    jitter !== null && t("call.report_jitter", { jitter }),
    limitedBy === "cpu" && t("call.report_limited_cpu"),
    limitedBy === "bandwidth" && t("call.report_limited_bandwidth"),
  ]
    .filter(Boolean)
    .join(" · ");
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl>{children}</dl>
    </section>
  );
}

function Line({ name, words }: { name: string; words: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <bdi>{words}</bdi>
      </dd>
    </div>
  );
}

function surroundings({ call, state, me, people, snapshot, settings }: CallView) {
  const { microphone, camera } = call.getOwnTracks();
  return {
    now: new Date(),
    userAgent: navigator.userAgent,
    session: state.session.id,
    participant: snapshot.identity ?? me.id,
    state: snapshot.phase,
    people: people.length,
    devices: {
      microphone: microphone?.label ?? null,
      camera: camera?.label ?? null,
      speaker: settings.speaker.device?.label ?? null,
    },
  };
}

function wordsOf(key: MessageKey): string {
  return (t as (key: MessageKey) => string)(key);
}
