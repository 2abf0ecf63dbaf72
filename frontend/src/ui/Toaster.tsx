/** Shows the page's toasts. Mount it once. */
import { useSyncExternalStore } from "react";

import { ToastCard } from "./ToastCard";
import { currentToasts, onToasts } from "./toasts";

export function Toaster() {
  const toasts = useSyncExternalStore(onToasts, currentToasts);
  return (
    <div className="nz-toaster">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </div>
  );
}
