/** The page before a session: name, devices, then Join. */
import { useEffect, useState } from "react";

import type { JoinAnswer, Session } from "../../api/types";
import { t } from "../../i18n/translate";
import { Button } from "../../ui/Button";
import { Strip } from "../../ui/Strip";
import { Settings } from "../settings/Settings";
import type { Config, DeviceSettings, EndReason, JoinChoice } from "../types";
import { DeviceRow } from "./DeviceRow";
import { microphoneHelp } from "../devices/deviceHelp";
import { GateForm } from "./GateForm";
import { recallName, rememberName } from "./memory";
import { cleanName, nameProblem, type NameProblem } from "./name";
import type { PreviewAction } from "./previewWords";
import { PreviewTile } from "./PreviewTile";
import { useFreshSession } from "./useFreshSession";
import { useGatePreview } from "./useGatePreview";
import { useJoin } from "./useJoin";

export type JoinGateProps = {
  config: Config;
  session: Session;
  settings: DeviceSettings;
  onSettingsChange: (settings: DeviceSettings) => void;
  onJoin: (choice: JoinChoice, answer: JoinAnswer) => void;
  /** With the choice that was made, so that a later try needs no second answer. */
  onEnd: (end: EndReason, choice: JoinChoice | null) => void;
};

export function JoinGate({
  config,
  settings,
  onSettingsChange,
  onJoin,
  onEnd,
  ...given
}: JoinGateProps) {
  const [typed, setTyped] = useState(() => config.display_name || recallName());
  const [nameError, setNameError] = useState<NameProblem | null>(null);
  const [settingsOpen, setSettingsOpen] = useState(false);
  const preview = useGatePreview(settings);
  const session = useFreshSession(given.session, (end) => onEnd(end, null));
  const title = session.title || t("sessions.default_title");

  const choiceWith = (switches: { camera: boolean; microphone: boolean }): JoinChoice => ({
    displayName: cleanName(typed),
    microphoneOn: switches.microphone && preview.microphone.trouble === null,
    cameraOn: switches.camera && preview.camera.trouble === null,
    devices: preview.chosen,
    settings,
  });
  const joining = useJoin(config.slug);
  const open = { microphone: preview.microphone.track, camera: preview.camera.track };

  const join = async (switches = preview.wanted) => {
    const choice = choiceWith(switches);
    const problem = nameProblem(choice.displayName);
    setNameError(problem);
    if (problem) return;
    rememberName(choice.displayName);
    const outcome = await joining.join(choice.displayName);
    if (outcome?.answer) onJoin(choice, outcome.answer);
    else if (outcome?.end) onEnd(outcome.end, choice);
  };

  const act = (action: PreviewAction) => {
    if (action === "start") preview.start();
    else if (action === "retry") preview.retry();
    else {
      const off = { cameraOn: false, ...(action === "without_both" && { microphoneOn: false }) };
      preview.turn(off, { remembered: false });
      void join({
        camera: false,
        microphone: action === "without_camera" && preview.wanted.microphone,
      });
    }
  };

  useEffect(() => {
    document.title = `${title} · Nonza`;
  }, [title]);

  return (
    <main className="nz-gate" id="main" tabIndex={-1}>
      <div>
        <PreviewTile
          name={cleanName(typed)}
          color={session.me?.color ?? 1}
          microphone={preview.microphone}
          camera={preview.camera}
          microphoneOn={preview.wanted.microphone}
          cameraOn={preview.wanted.camera}
          asks={preview.asks}
          secure={preview.secure}
          mirror={settings.camera.mirror}
          onMicrophone={(microphoneOn) => preview.turn({ microphoneOn })}
          onCamera={(cameraOn) => preview.turn({ cameraOn })}
          onAction={act}
        />
        <MicrophoneNotice preview={preview} />
        {preview.secure && (
          <DeviceRow
            devices={preview.devices}
            settings={settings}
            open={open}
            onChange={onSettingsChange}
            onOpenSettings={() => setSettingsOpen(true)}
          />
        )}
      </div>
      <div className="nz-gate-side">
        <div className="nz-gate-head">
          <h1>{title}</h1>
          {session.description && <p className="nz-gate-about">{session.description}</p>}
        </div>
        <GateForm
          name={typed}
          onName={(name) => {
            setTyped(name);
            setNameError(null);
            joining.forget();
          }}
          nameError={nameError}
          trouble={joining.trouble}
          busy={joining.busy}
          locked={session.locked && session.me === null}
          full={session.full && session.me === null}
          mediaAvailable={config.media_available}
          onJoin={() => void join()}
        />
      </div>
      {settingsOpen && (
        <Settings
          settings={settings}
          onChange={onSettingsChange}
          onClose={() => setSettingsOpen(false)}
          open={open}
          blurOffered={config.blur_model !== null}
        />
      )}
    </main>
  );
}

/** The camera's trouble is told in its tile; the microphone's, if it is not the same, below. */
function MicrophoneNotice({ preview }: { preview: ReturnType<typeof useGatePreview> }) {
  const { microphone, camera } = preview;
  const toldAlready = microphone.trouble === "blocked" && camera.trouble === "blocked";
  if (!preview.secure || microphone.trouble === null || toldAlready) return null;
  return (
    <div className="nz-gate-trouble">
      <Strip
        tone="warn"
        live="polite"
        action={
          <Button size="sm" kind="quiet" onClick={preview.retry}>
            {t("common.try_again")}
          </Button>
        }
      >
        {microphoneHelp(microphone.trouble)}
      </Strip>
    </div>
  );
}
