/** A button with words; while busy it keeps its width and says what it does. */
import type { ComponentPropsWithRef, MouseEvent, ReactNode } from "react";
import { LoaderCircle } from "lucide-react";

import { classes } from "./classes";

export type ButtonKind = "default" | "primary" | "quiet" | "danger" | "danger-quiet";
export type ButtonSize = "sm" | "md" | "lg";

export type ButtonProps = ComponentPropsWithRef<"button"> & {
  kind?: ButtonKind;
  size?: ButtonSize;
  wide?: boolean;
  /** Before the words. */
  icon?: ReactNode;
  busy?: boolean;
  /** What the button says while busy, "Joining"; give it from the start, so the width is kept. */
  busyWords?: string;
};

/** The look, for links that are dressed as buttons. */
export function buttonClass(kind: ButtonKind = "default", size: ButtonSize = "md"): string {
  return classes(
    "nz-button",
    kind !== "default" && `nz-button-${kind}`,
    size !== "md" && `nz-button-${size}`,
  );
}

export function Button({
  kind = "default",
  size = "md",
  wide = false,
  icon,
  busy = false,
  busyWords,
  className,
  children,
  onClick,
  type = "button",
  ...rest
}: ButtonProps) {
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (busy) event.preventDefault();
    else onClick?.(event);
  };
  const words = (
    <>
      {icon}
      {children}
    </>
  );
  return (
    <button
      {...rest}
      type={type}
      className={classes(buttonClass(kind, size), wide && "nz-button-wide", className)}
      aria-busy={busy || undefined}
      // Disabled for real would drop the focus.
      aria-disabled={busy || undefined}
      onClick={press}
    >
      {busyWords === undefined ? (
        words
      ) : (
        <span className="nz-button-words">
          <span data-shown={!busy} aria-hidden={busy || undefined}>
            {words}
          </span>
          <span data-shown={busy} aria-hidden={!busy || undefined}>
            <LoaderCircle size={18} className="nz-spin" aria-hidden="true" />
            {busyWords}
          </span>
        </span>
      )}
    </button>
  );
}
