/** Which way a camera looks, as far as the device says. */

/** The back camera of a phone: a mirror would turn the writing that it looks at. */
export function facesAway(camera: Pick<MediaTrackSettings, "facingMode">): boolean {
  return camera.facingMode === "environment";
}
