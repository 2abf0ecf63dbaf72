/** A setting that is on or off at once. */
import { useId, type ReactNode } from "react";

import { classes } from "./classes";

export type SwitchProps = {
  checked: boolean;
  onChange: (checked: boolean) => void;
  hint?: string;
  disabled?: boolean;
  children: ReactNode;
};

export function Switch({ checked, onChange, hint, disabled, children }: SwitchProps) {
  const id = useId();
  return (
    <div className={classes("nz-switch", disabled && "nz-choice-disabled")}>
      <span>
        <label htmlFor={id}>{children}</label>
        {hint !== undefined && (
          <span className="nz-choice-hint" id={`${id}-hint`}>
            {hint}
          </span>
        )}
      </span>
      <input
        type="checkbox"
        role="switch"
        id={id}
        checked={checked}
        disabled={disabled}
        aria-checked={checked}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onChange(event.target.checked)}
      />
    </div>
  );
}
