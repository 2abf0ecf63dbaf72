/** The shape of what comes, shown once loading has taken 200 ms. */
import { useEffect, useState, type ReactNode } from "react";

const PATIENCE = 200;

export function Skeleton({ label, children }: { label: string; children: ReactNode }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status">
      <span className="sr-only">{label}</span>
      {shown && <div aria-hidden="true">{children}</div>}
    </div>
  );
}
