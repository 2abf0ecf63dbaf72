/** A line of text with its label, hint and error. */
import { useId, type ComponentPropsWithRef } from "react";

import { classes } from "./classes";
import { FieldError } from "./FieldError";

export type TextFieldProps = Omit<ComponentPropsWithRef<"input">, "size"> & {
  label: string;
  /** The label is read, not seen. */
  labelHidden?: boolean;
  hint?: string;
  error?: string | null;
  size?: "md" | "lg";
};

export function TextField({
  label,
  labelHidden = false,
  hint,
  error,
  size = "md",
  className,
  ...rest
}: TextFieldProps) {
  const id = useId();
  const described = classes(error && `${id}-error`, hint !== undefined && `${id}-hint`);
  return (
    <div className={classes("nz-field", className)}>
      <label className={labelHidden ? "sr-only" : "nz-label"} htmlFor={id}>
        {label}
      </label>
      <input
        type="text"
        {...rest}
        id={id}
        className={classes("nz-input", size === "lg" && "nz-input-lg")}
        aria-invalid={error ? true : undefined}
        aria-describedby={described || undefined}
      />
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
      {hint !== undefined && (
        <span className="nz-hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}
