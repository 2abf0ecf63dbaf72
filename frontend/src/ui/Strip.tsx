/** A notice that stands where it matters until its reason is gone. */
import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

import { classes } from "./classes";

export type StripProps = {
  tone?: "neutral" | "warn" | "bad";
  icon?: ReactNode;
  action?: ReactNode;
  /** How screen readers learn of it; "off" where somebody else announces. */
  live?: "polite" | "assertive" | "off";
  children: ReactNode;
};

const SIGNS = { neutral: Info, warn: TriangleAlert, bad: CircleAlert };

export function Strip({ tone = "neutral", icon, action, live = "off", children }: StripProps) {
  const Sign = SIGNS[tone];
  return (
    <div
      className={classes("nz-strip", tone !== "neutral" && `nz-strip-${tone}`)}
      aria-live={live === "off" ? undefined : live}
    >
      {icon ?? <Sign size={18} aria-hidden="true" />}
      <div className="nz-strip-words">{children}</div>
      {action}
    </div>
  );
}
