/** A box to tick, with its words. */
import { Check } from "lucide-react";
import { useId, type ReactNode } from "react";

import { classes } from "./classes";

export type CheckboxProps = {
  checked: boolean;
  onChange: (checked: boolean) => void;
  hint?: string;
  disabled?: boolean;
  name?: string;
  children: ReactNode;
};

export function Checkbox({ checked, onChange, hint, disabled, name, children }: CheckboxProps) {
  const id = useId();
  return (
    <div className={classes("nz-check", disabled && "nz-choice-disabled")}>
      <span className="nz-check-box">
        <input
          type="checkbox"
          id={id}
          name={name}
          checked={checked}
          disabled={disabled}
          aria-describedby={hint === undefined ? undefined : `${id}-hint`}
          onChange={(event) => onChange(event.target.checked)}
        />
        <Check aria-hidden="true" strokeWidth={3} />
      </span>
      <span>
        <label htmlFor={id}>{children}</label>
        {hint !== undefined && (
          <span className="nz-choice-hint" id={`${id}-hint`}>
            {hint}
          </span>
        )}
      </span>
    </div>
  );
}
