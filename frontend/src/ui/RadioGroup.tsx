/** One choice of few, all in sight. */
import { useId } from "react";

type RadioGroupProps<Value extends string> = {
  label: string;
  hint?: string;
  choices: readonly { value: Value; label: string }[];
  value: Value;
  onChoose: (value: Value) => void;
};

export function RadioGroup<Value extends string>({
  label,
  hint,
  choices,
  value,
  onChoose,
}: RadioGroupProps<Value>) {
  const id = useId();
  return (
    <fieldset
      className="nz-radios"
      aria-describedby={hint === undefined ? undefined : `${id}-hint`}
    >
      <legend className="nz-label">{label}</legend>
      {choices.map((choice) => (
        <label key={choice.value} className="nz-radio">
          <input
            type="radio"
            name={id}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChoose(choice.value)}
          />
          <span>{choice.label}</span>
        </label>
      ))}
      {hint !== undefined && (
        <span className="nz-hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </fieldset>
  );
}
