/** A person's picture, or initials on the person's pastel; the name always stands beside it. */
import { classes } from "./classes";
import { initials } from "./initials";

export type AvatarProps = {
  name: string;
  /** Number of the person's pastel, 1 to 10. */
  color: number;
  pictureUrl?: string | null;
  size?: 20 | 24 | 28 | 32 | 36 | 40 | 64 | 96;
  speaking?: boolean;
  className?: string;
};

export function Avatar({ name, color, pictureUrl, size = 32, speaking, className }: AvatarProps) {
  return (
    <span
      className={classes(
        "nz-avatar",
        size !== 32 && `nz-avatar-${size}`,
        `nz-person-${color}`,
        speaking && "nz-avatar-speaking",
        className,
      )}
      aria-hidden="true"
    >
      {pictureUrl ? <img src={pictureUrl} alt="" /> : initials(name)}
    </span>
  );
}
