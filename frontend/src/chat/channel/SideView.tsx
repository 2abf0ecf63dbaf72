/** What opens beside the messages: it takes the focus, and Escape closes it. */
import { X } from "lucide-react";
import { useEffect, useId, useRef, type ReactNode } from "react";

import { t } from "../../i18n/translate";
import { IconButton } from "../../ui/IconButton";

type SideViewProps = { title: string; onClose: () => void; children: ReactNode };

export function SideView({ title, onClose, children }: SideViewProps) {
  const id = useId();
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    const field = box.current?.querySelector<HTMLElement>("input");
    (field ?? box.current?.querySelector<HTMLElement>("h2"))?.focus();
  }, []);
  return (
    // Escape is heard wherever the focus is in it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <aside
      ref={box}
      className="nz-chat-side"
      aria-labelledby={id}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.stopPropagation();
        onClose();
      }}
    >
      <header className="nz-chat-side-head">
        <h2 id={id} tabIndex={-1}>
          {title}
        </h2>
        <IconButton label={t("common.close")} size="md" tooltipSide="below" onClick={onClose}>
          <X size={20} aria-hidden="true" />
        </IconButton>
      </header>
      {children}
    </aside>
  );
}
