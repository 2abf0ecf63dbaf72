/** A button with an icon alone: it always has a label, and a tooltip with its shortcut. */
import type { ComponentPropsWithRef } from "react";

import { classes } from "./classes";
import type { Placement } from "./place";
import { Tooltip } from "./Tooltip";

export type IconButtonProps = Omit<ComponentPropsWithRef<"button">, "aria-label"> & {
  label: string;
  /** A key as people read it, "M". */
  shortcut?: string;
  size?: "sm" | "md";
  /** For a button that stays pressed. */
  pressed?: boolean;
  tooltipSide?: Placement;
  /** Replaces the look, keeps label and tooltip. */
  look?: string;
};

export function IconButton({
  label,
  shortcut,
  size = "sm",
  pressed,
  tooltipSide = "above",
  look = "nz-icon-button",
  className,
  children,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip words={label} shortcut={shortcut} side={tooltipSide}>
      <button
        type="button"
        {...rest}
        className={classes(look, size === "md" && `${look}-lg`, className)}
        aria-label={label}
        aria-pressed={pressed}
        aria-keyshortcuts={shortcut}
      >
        {children}
      </button>
    </Tooltip>
  );
}
