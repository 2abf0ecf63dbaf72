/** Which tiles are pinned; for oneself only, and for this stay only. */

import { useCallback, useState } from "react";

export function usePinned() {
  const [pinned, setPinned] = useState<readonly string[]>([]);
  const togglePin = useCallback((key: string) => {
    setPinned((keys) => (keys.includes(key) ? keys.filter((k) => k !== key) : [...keys, key]));
  }, []);
  return { pinned, togglePin };
}
