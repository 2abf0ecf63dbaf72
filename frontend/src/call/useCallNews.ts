/** What one learns of the call wherever it is shown, large or in a bar. */

import type { CallView } from "./CallContext";
import { useMicrophoneHints } from "./hints/useMicrophoneHints";
import { useAnnouncements } from "./useAnnouncements";
import { useDeviceNews } from "./useDeviceNews";
import { useDeviceToasts } from "./useDeviceToasts";

export function useCallNews(view: CallView, openSettings: () => void): void {
  useAnnouncements(view);
  useDeviceToasts(view);
  useDeviceNews(view);
  useMicrophoneHints(view, openSettings);
}
