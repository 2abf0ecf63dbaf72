/** What keeps messages from coming and going, in one strip; nothing while all is well. */
import { WifiOff } from "lucide-react";
import { useEffect, useSyncExternalStore } from "react";

import { t } from "../../i18n/translate";
import { announce } from "../../ui/announcements";
import { Strip } from "../../ui/Strip";

type ConnectionStripProps = { reconnecting: boolean; unavailable: boolean };

export function ConnectionStrip({ reconnecting, unavailable }: ConnectionStripProps) {
  // A socket notices only after a while that the network is gone; the browser knows at once.
  const isOnline = useSyncExternalStore(watchNetwork, () => navigator.onLine);
  const words = isOnline ? wordsOf({ reconnecting, unavailable }) : t("conversation.no_network");
  // What comes to the page with its words in it is not read out everywhere.
  useEffect(() => {
    if (words !== null) announce(words);
  }, [words]);
  if (words === null) return null;
  return (
    <Strip
      tone={isOnline && !unavailable ? "neutral" : "warn"}
      icon={isOnline && unavailable ? undefined : <WifiOff size={18} aria-hidden="true" />}
    >
      {words}
    </Strip>
  );
}

function wordsOf({ reconnecting, unavailable }: ConnectionStripProps): string | null {
  if (unavailable) return t("conversation.unavailable");
  return reconnecting ? t("conversation.reconnecting") : null;
}

function watchNetwork(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}
