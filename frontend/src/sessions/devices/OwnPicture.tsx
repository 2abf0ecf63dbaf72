/** The picture of one's own camera. */
import { useLayoutEffect, useRef } from "react";

import { t } from "../../i18n/translate";
import { facesAway } from "../../livekit/facing";
import { classes } from "../../ui/classes";

type OwnPictureProps = { track: MediaStreamTrack; mirror: boolean };

export function OwnPicture({ track, mirror }: OwnPictureProps) {
  const mirrored = mirror && !facesAway(track.getSettings());
  const element = useRef<HTMLVideoElement>(null);
  useLayoutEffect(() => {
    const video = element.current;
    if (!video) return;
    video.srcObject = new MediaStream([track]);
    return () => {
      video.srcObject = null;
    };
  }, [track]);
  return (
    <video
      ref={element}
      className={classes("nz-own-picture", mirrored && "nz-mirrored")}
      aria-label={t("sessions.own_picture")}
      autoPlay
      playsInline
      muted
    />
  );
}
