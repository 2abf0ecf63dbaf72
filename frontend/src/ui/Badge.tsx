/** A word or two about the state of something. */
import type { ReactNode } from "react";

import { classes } from "./classes";

export type BadgeProps = { tone?: "neutral" | "live" | "warn" | "bad"; children: ReactNode };

export function Badge({ tone = "neutral", children }: BadgeProps) {
  return (
    <span className={classes("nz-badge", tone !== "neutral" && `nz-badge-${tone}`)}>
      {children}
    </span>
  );
}
