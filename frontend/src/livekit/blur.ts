/** Blurs what is behind a person; its code and its model come only when somebody wants it. */

import type { Track, TrackProcessor, VideoProcessorOptions } from "livekit-client";

export type Blur = TrackProcessor<Track.Kind.Video, VideoProcessorOptions>;

/** Where our own server keeps the parts of the vision library; the build puts them there. */
const VISION = `${import.meta.env.BASE_URL}vision-0.10.14`;
const RADIUS = 12;

/** Rejects where the browser turns out not to be able to. The model is loaded when it is used. */
export async function loadBlur(model: string): Promise<Blur> {
  const { BackgroundProcessor, supportsBackgroundProcessors } =
    await import("@livekit/track-processors");
  if (!supportsBackgroundProcessors()) throw new Error("This browser cannot blur.");
  return BackgroundProcessor({
    mode: "background-blur",
    blurRadius: RADIUS,
    // Without these it would ask other people's servers.
    assetPaths: {
      tasksVisionFileSet: VISION,
      modelAssetPath: new URL(model, location.href).href,
    },
  });
}
