/** A value in a range, moved by arrow keys or by pulling. */
import { useId, type CSSProperties } from "react";

import { classes } from "./classes";

export type SliderProps = {
  label: string;
  labelHidden?: boolean;
  value: number;
  min?: number;
  max?: number;
  step?: number;
  disabled?: boolean;
  /** The value in words, "80 %"; shown and read. */
  words?: (value: number) => string;
  onChange: (value: number) => void;
};

export function Slider({
  label,
  labelHidden = false,
  value,
  min = 0,
  max = 100,
  step = 1,
  disabled,
  words = String,
  onChange,
}: SliderProps) {
  const id = useId();
  const share = max > min ? ((value - min) / (max - min)) * 100 : 0;
  return (
    <div className={classes("nz-slider", disabled && "nz-choice-disabled")}>
      <span className={labelHidden ? "sr-only" : "nz-slider-head"}>
        <label className="nz-label" htmlFor={id}>
          {label}
        </label>
        <output htmlFor={id} aria-hidden="true">
          {words(value)}
        </output>
      </span>
      <input
        type="range"
        id={id}
        value={value}
        min={min}
        max={max}
        step={step}
        disabled={disabled}
        style={{ "--at": `${share}%` } as CSSProperties}
        aria-valuetext={words(value)}
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
    </div>
  );
}
