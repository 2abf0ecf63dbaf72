/** A moving picture; when it stands still, its last moment stays. */

import { useEffect, useRef, useState } from "react";
import type { VideoSource } from "../livekit/types";
import { classes } from "../ui/classes";

type PictureProps = {
  source: VideoSource;
  mirrored?: boolean;
  /** Nothing arrives: show the last picture instead of waiting for the next. */
  frozen?: boolean;
  /** Width over height, as soon as it is known and when it changes. */
  onShape?: (shape: number) => void;
};

export function Picture({ source, mirrored = false, frozen = false, onShape }: PictureProps) {
  const video = useRef<HTMLVideoElement>(null);
  const last = useRef<HTMLCanvasElement>(null);
  const [shown, setShown] = useState<VideoSource | null>(null);

  useEffect(() => {
    const element = video.current;
    if (!element) return;
    source.attach(element);
    return () => {
      source.detach(element);
      element.srcObject = null;
    };
  }, [source]);

  useEffect(() => {
    if (frozen && video.current && last.current) copyPicture(video.current, last.current);
  }, [frozen]);

  const tellShape = (element: HTMLVideoElement) => {
    if (element.videoWidth > 0) onShape?.(element.videoWidth / element.videoHeight);
  };
  const look = classes("nz-picture", mirrored && "nz-picture-mirrored");
  return (
    <>
      <video
        ref={video}
        className={look}
        data-shown={shown === source ? "" : undefined}
        autoPlay
        playsInline
        muted
        aria-hidden="true"
        onLoadedData={(event) => {
          setShown(source);
          tellShape(event.currentTarget);
        }}
        onResize={(event) => tellShape(event.currentTarget)}
      />
      <canvas
        ref={last}
        className={classes(look, "nz-picture-last")}
        hidden={!frozen}
        aria-hidden="true"
      />
    </>
  );
}

function copyPicture(from: HTMLVideoElement, to: HTMLCanvasElement): void {
  if (from.videoWidth === 0) return;
  to.width = from.videoWidth;
  to.height = from.videoHeight;
  to.getContext("2d")?.drawImage(from, 0, 0);
}
