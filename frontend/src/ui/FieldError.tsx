/** The sentence under a field that says what is wrong, with its sign. */
import { CircleAlert } from "lucide-react";

export function FieldError({ id, children }: { id: string; children: string }) {
  return (
    <span className="nz-error" id={id}>
      <CircleAlert aria-hidden="true" />
      <span>{children}</span>
    </span>
  );
}
