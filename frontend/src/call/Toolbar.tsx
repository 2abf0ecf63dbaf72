/** The row of keys in the bar: arrows move between them, as in every toolbar. */

import type { KeyboardEvent, ReactNode } from "react";
import { t } from "../i18n/translate";

export function Toolbar({ children }: { children: ReactNode }) {
  return (
    <div
      className="nz-controls"
      role="toolbar"
      aria-label={t("call.controls")}
      onKeyDown={moveFocus}
    >
      {children}
    </div>
  );
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const keys = [...event.currentTarget.querySelectorAll("button")];
  const at = keys.findIndex((key) => key === document.activeElement);
  const targets: Record<string, number> = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    Home: 0,
    End: keys.length - 1,
  };
  const target = targets[event.key];
  if (at < 0 || target === undefined) return;
  event.preventDefault();
  keys.at(target % keys.length)?.focus();
}
