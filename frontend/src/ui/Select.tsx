/** One choice of several: the browser's own list in our clothes, so phones show theirs. */
import { ChevronDown } from "lucide-react";
import { useId, type ComponentPropsWithRef, type ReactNode } from "react";

import { classes } from "./classes";

export type Choice = { value: string; label: string; disabled?: boolean };

export type SelectProps = Omit<ComponentPropsWithRef<"select">, "children" | "onChange"> & {
  label: string;
  labelHidden?: boolean;
  hint?: string;
  choices: readonly Choice[];
  value: string;
  onChoose: (value: string) => void;
  icon?: ReactNode;
  /** Without an edge until the pointer comes. */
  quiet?: boolean;
};

export function Select({
  label,
  labelHidden = false,
  hint,
  choices,
  value,
  onChoose,
  icon,
  quiet = false,
  className,
  ...rest
}: SelectProps) {
  const id = useId();
  return (
    <div className={classes("nz-field", className)}>
      <label className={labelHidden ? "sr-only" : "nz-label"} htmlFor={id}>
        {label}
      </label>
      <div className={classes("nz-select-box", icon !== undefined && "nz-select-box-icon")}>
        {icon}
        <select
          {...rest}
          id={id}
          className={classes("nz-select", quiet && "nz-select-quiet")}
          value={value}
          aria-describedby={hint === undefined ? undefined : `${id}-hint`}
          onChange={(event) => onChoose(event.target.value)}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value} disabled={choice.disabled}>
              {choice.label}
            </option>
          ))}
        </select>
        <ChevronDown size={16} aria-hidden="true" />
      </div>
      {hint !== undefined && (
        <span className="nz-hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}
