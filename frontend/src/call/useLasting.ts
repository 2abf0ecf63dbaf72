/** A value, but only after it has lasted for a while; leaving it takes no time. */

import { useEffect, useState } from "react";

export function useLasting<Value>(
  value: Value,
  milliseconds: (value: Value) => number,
): Value | null {
  const [settled, setSettled] = useState<Value | null>(null);
  const wait = milliseconds(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(() => value), wait);
    return () => clearTimeout(timer);
  }, [value, wait]);
  return wait === 0 || settled === value ? value : null;
}
