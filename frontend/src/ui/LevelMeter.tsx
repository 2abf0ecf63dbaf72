/** How loud something is, in nine bars. */
import { classes } from "./classes";

const BARS = 9;

export type LevelMeterProps = {
  label: string;
  /** 0 to 1. */
  level: number;
  onPicture?: boolean;
};

export function LevelMeter({ label, level, onPicture = false }: LevelMeterProps) {
  const lit = Math.round(Math.min(1, Math.max(0, level)) * BARS);
  return (
    <span
      className={classes("nz-meter", onPicture && "nz-meter-on-picture")}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={BARS}
      aria-valuenow={lit}
    >
      {Array.from({ length: BARS }, (_, bar) => (
        <i key={bar} data-lit={bar < lit ? "" : undefined} />
      ))}
    </span>
  );
}
