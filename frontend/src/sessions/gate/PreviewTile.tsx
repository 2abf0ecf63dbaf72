/** One's own picture before the session, or a sentence on why there is none yet. */
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { classes } from "../../ui/classes";
import type { PreviewKind, PreviewTrack } from "../devices/OwnPreview";
import { OwnPicture } from "../devices/OwnPicture";
import { PreviewBar } from "./PreviewBar";
import { PreviewPlate } from "./PreviewPlate";
import { previewWords, type PreviewAction, type PreviewWords } from "./previewWords";

export type PreviewTileProps = {
  name: string;
  color: number;
  microphone: PreviewTrack;
  camera: PreviewTrack;
  microphoneOn: boolean;
  cameraOn: boolean;
  asks: readonly PreviewKind[];
  secure: boolean;
  mirror: boolean;
  onMicrophone: (on: boolean) => void;
  onCamera: (on: boolean) => void;
  onAction: (action: PreviewAction) => void;
};

export function PreviewTile(props: PreviewTileProps) {
  const { color, microphone, camera, microphoneOn } = props;
  const words = previewWords(props);
  return (
    <div className={classes("nz-preview", `nz-person-${color}`)}>
      <Inside words={words} {...props} />
      {microphoneOn && microphone.track && <PreviewPlate track={microphone.track} />}
      {!microphoneOn && camera.track && <PreviewPlate muted />}
      <PreviewBar {...props} />
    </div>
  );
}

function Inside({
  words,
  name,
  color,
  camera,
  mirror,
  onAction,
}: PreviewTileProps & { words: PreviewWords | null }) {
  if (words) {
    return (
      <div className="nz-preview-words">
        <strong>{words.title}</strong>
        <span role={words.live ? "status" : undefined}>{words.words}</span>
        <span className="nz-preview-acts">
          {words.acts.map((act) => (
            <Button
              key={act.action}
              size={act.kind === "primary" ? "md" : "sm"}
              kind={act.kind}
              onClick={() => onAction(act.action)}
            >
              {act.label}
            </Button>
          ))}
        </span>
      </div>
    );
  }
  if (camera.track) return <OwnPicture track={camera.track} mirror={mirror} />;
  return <Avatar name={name} color={color} size={96} />;
}
