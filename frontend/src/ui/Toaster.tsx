/** Shows the page's toasts, over an open dialog within it. Mount it once. */
import { useSyncExternalStore } from "react";
import { createPortal } from "react-dom";

import { onOpenDialogs, topDialog } from "./openDialogs";
import { ToastCard } from "./ToastCard";
import { currentToasts, onToasts } from "./toasts";

export function Toaster() {
  const toasts = useSyncExternalStore(onToasts, currentToasts);
  const dialog = useSyncExternalStore(onOpenDialogs, topDialog);
  const shown = (
    <div className="nz-toaster">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </div>
  );
  return dialog ? createPortal(shown, dialog) : shown;
}
