/** A dialog over the page: the browser keeps the focus inside, closing gives it back. */
import { X } from "lucide-react";
import { useId, useLayoutEffect, useRef, type ReactNode } from "react";

import { t } from "../i18n/translate";
import { Announcer } from "./Announcer";
import { classes } from "./classes";
import { IconButton } from "./IconButton";
import { addOpenDialog } from "./openDialogs";

export type ModalProps = {
  title: string;
  onClose: () => void;
  /** "sheet": at the bottom of the page; "phone-sheet": so on a phone only. */
  shape?: "dialog" | "phone-sheet" | "sheet";
  wide?: boolean;
  /** Buttons at the foot; the one that does it comes last. */
  foot?: ReactNode;
  /** A question that needs an answer: read as an alert, and a press beside it does not close it. */
  question?: boolean;
  children?: ReactNode;
};

/** Render it to open it, take it away to close it. */
export function Modal({
  title,
  onClose,
  shape = "phone-sheet",
  wide = false,
  foot,
  question = false,
  children,
}: ModalProps) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);

  useLayoutEffect(() => {
    const element = dialog.current;
    if (!element) return;
    const before = document.activeElement;
    element.showModal();
    const close = addOpenDialog(element);
    // The close key comes first, but is hardly what one came for.
    element.querySelector<HTMLElement>(question ? "footer button" : "h2")?.focus();
    return () => {
      close();
      element.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [question]);

  return (
    // A press on the veil is an extra; Escape and the close key do the same.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events
    <dialog
      ref={dialog}
      className={classes(
        "nz-modal",
        wide && "nz-modal-wide",
        shape === "sheet" && "nz-sheet",
        shape === "phone-sheet" && "nz-modal-sheet-on-phone",
      )}
      role={question ? "alertdialog" : undefined}
      aria-labelledby={id}
      aria-modal="true"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current && !question) onClose();
      }}
    >
      <span className="nz-modal-grip" aria-hidden="true" />
      <header className="nz-modal-head">
        <h2 id={id} tabIndex={-1}>
          {title}
        </h2>
        <IconButton label={t("common.close")} size="md" onClick={onClose} tooltipSide="below">
          <X size={20} aria-hidden="true" />
        </IconButton>
      </header>
      {children !== undefined && <div className="nz-modal-body">{children}</div>}
      {foot !== undefined && <footer className="nz-modal-foot">{foot}</footer>}
      {/* Everything beside an open dialog is silent to screen readers, live regions too. */}
      <Announcer />
    </dialog>
  );
}
