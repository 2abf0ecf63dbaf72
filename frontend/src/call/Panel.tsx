/** The frame of what opens beside the stage: takes the focus, and gives it back when it closes. */

import { X } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import type { ReactNode } from "react";
import { t } from "../i18n/translate";
import { IconButton } from "../ui/IconButton";

type PanelProps = {
  title: string;
  /** Of the key that opens it. */
  keyId: string;
  action?: ReactNode;
  /** Stays in sight above what scrolls. */
  above?: ReactNode;
  /** What is in it fills it, and scrolls by itself. */
  filled?: boolean;
  onClose: () => void;
  children: ReactNode;
};

export function Panel(props: PanelProps) {
  const { title, keyId, action, above, filled = false, onClose, children } = props;
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  // Looked up before the panel is there: on a phone its key goes when it comes.
  const [before] = useState(() => document.activeElement);
  useEffect(() => {
    heading.current?.focus();
    return () => {
      // That key is a new one then, with the same id.
      if (!(before instanceof HTMLElement)) return;
      // Opened by a shortcut, with nothing in focus: then it is the key that would have opened it.
      const key = before === document.body ? keyId : before.id;
      if (before !== document.body && before.isConnected) before.focus();
      else if (key) document.getElementById(key)?.focus();
    };
  }, [before, keyId]);
  return (
    // Escape closes the panel wherever the focus is in it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <aside
      className="nz-panel"
      aria-labelledby={id}
      data-region="panel"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
    >
      <span className="nz-panel-grip" aria-hidden="true" />
      <header className="nz-panel-head">
        <h2 id={id} ref={heading} tabIndex={-1}>
          {title}
        </h2>
        {action}
        <IconButton label={t("common.close")} tooltipSide="below" onClick={onClose}>
          <X size={18} aria-hidden="true" />
        </IconButton>
      </header>
      {above}
      {filled ? (
        <div className="nz-panel-filled">{children}</div>
      ) : (
        // A scrolling region must be reachable by keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className="nz-panel-body" tabIndex={0} role="region" aria-labelledby={id}>
          {children}
        </div>
      )}
    </aside>
  );
}
