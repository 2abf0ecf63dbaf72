/** Whether the window is as a media query says, followed while it changes. */

import { useCallback, useSyncExternalStore } from "react";

export const PHONE = "(max-width: 47.99rem)";

export function useMediaQuery(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = matchMedia(query);
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}
