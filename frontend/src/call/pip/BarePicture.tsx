/** For browsers that can only take a single video out of the page: it follows who is shown. */

import { useEffect } from "react";
import { useCallView } from "../CallContext";
import { personOf } from "./mainTile";

export function BarePicture() {
  const { pip, people } = useCallView();
  const { video, shown } = pip;
  const media = personOf(people, shown)?.media;
  const source = (shown?.startsWith("screen ") ? media?.screen : media?.camera) ?? null;
  useEffect(() => {
    const element = video.current;
    if (!source || !element) return;
    source.attach(element);
    return () => source.detach(element);
  }, [source, video]);
  return (
    <video ref={video} className="nz-pip-bare" autoPlay playsInline muted aria-hidden="true" />
  );
}
