/** One key of the bar: off is red and slashed, on is green. */

import type { ReactNode } from "react";
import { classes } from "../ui/classes";
import { IconButton } from "../ui/IconButton";
import type { IconButtonProps } from "../ui/IconButton";

type ControlKeyProps = Omit<IconButtonProps, "look"> & {
  tone?: "off" | "on" | undefined;
  caret?: boolean;
  children: ReactNode;
};

export function ControlKey({ tone, caret = false, className, ...rest }: ControlKeyProps) {
  return (
    <IconButton
      {...rest}
      look="nz-control"
      className={classes(tone && `nz-control-${tone}`, caret && "nz-control-caret", className)}
    />
  );
}
