/** A surface that lies on the page. */
import type { ComponentPropsWithRef } from "react";

import { classes } from "./classes";

export function Card({ className, ...rest }: ComponentPropsWithRef<"div">) {
  return <div {...rest} className={classes("nz-card", className)} />;
}
