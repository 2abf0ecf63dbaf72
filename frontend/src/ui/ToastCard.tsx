/** One toast: a quiet one counts its five seconds only while nobody points at it or is in it. */
import { Check, CircleAlert, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { t } from "../i18n/translate";
import { Button } from "./Button";
import { classes } from "./classes";
import { IconButton } from "./IconButton";
import { dismissToast, type Toast } from "./toasts";

const SHOWN = 5000;

export function ToastCard({ toast }: { toast: Toast }) {
  const [held, setHeld] = useState(false);
  const left = useRef(SHOWN);
  const actions = toast.actions ?? [];

  useEffect(() => {
    if (held || toast.lasting) return;
    const started = Date.now();
    const timer = setTimeout(() => dismissToast(toast.id), left.current);
    return () => {
      clearTimeout(timer);
      left.current -= Date.now() - started;
    };
  }, [held, toast.id, toast.lasting]);

  return (
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions -- it only holds the clock
    <div
      className={classes("nz-toast", toast.tone === "bad" && "nz-toast-bad")}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {toast.icon ?? <Sign tone={toast.tone} />}
      <span className="nz-toast-words">{toast.words}</span>
      <span className="nz-toast-acts">
        {actions.map((action) => (
          <Button
            key={action.label}
            size="sm"
            kind={action.primary ? "primary" : "quiet"}
            onClick={() => {
              dismissToast(toast.id);
              action.onChoose();
            }}
          >
            {action.label}
          </Button>
        ))}
        {actions.length === 0 && (
          <IconButton label={t("common.dismiss")} onClick={() => dismissToast(toast.id)}>
            <X size={16} aria-hidden="true" />
          </IconButton>
        )}
      </span>
    </div>
  );
}

function Sign({ tone }: { tone: Toast["tone"] }) {
  return tone === "bad" ? (
    <CircleAlert size={18} aria-hidden="true" />
  ) : (
    <Check size={18} aria-hidden="true" />
  );
}
