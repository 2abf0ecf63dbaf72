/** Phones cannot share a screen from a page. */

export function canShareScreen(): boolean {
  const media = (navigator as Partial<Navigator>).mediaDevices as Partial<MediaDevices> | undefined;
  return typeof media?.getDisplayMedia === "function";
}
