/** Lets toasts rise above the bar. */

import { useEffect } from "react";

export function useToastPlace(): void {
  useEffect(() => {
    const { style } = document.documentElement;
    style.setProperty("--nz-toast-bottom", "92px");
    return () => {
      style.removeProperty("--nz-toast-bottom");
    };
  }, []);
}
