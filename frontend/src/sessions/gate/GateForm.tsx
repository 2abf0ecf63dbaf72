/** The right side of the gate: name, notices, the button. */
import { useEffect, useRef } from "react";

import { t } from "../../i18n/translate";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/TextField";
import { GateNotice, type GateNoticeProps } from "./GateNotice";
import type { NameProblem } from "./name";

type GateFormProps = GateNoticeProps & {
  name: string;
  onName: (name: string) => void;
  nameError: NameProblem | null;
  busy: boolean;
  onJoin: () => void;
};

export function GateForm({ name, onName, nameError, busy, onJoin, ...notice }: GateFormProps) {
  const field = useRef<HTMLInputElement>(null);
  const refusedName = notice.trouble?.kind === "name" ? notice.trouble.words : null;
  const error = nameError ? t(`sessions.name_${nameError}`) : refusedName;

  useEffect(() => {
    if (error) field.current?.focus();
  }, [error]);

  return (
    <form
      className="nz-gate-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy && !notice.locked) onJoin();
      }}
    >
      <TextField
        ref={field}
        label={t("sessions.name")}
        placeholder={t("sessions.name_hint")}
        size="lg"
        name="display_name"
        autoComplete="name"
        required
        value={name}
        error={error}
        onChange={(event) => onName(event.target.value)}
      />
      <GateNotice {...notice} />
      <div className="nz-gate-join">
        <Button
          type="submit"
          kind="primary"
          size="lg"
          wide
          busy={busy}
          busyWords={t("sessions.joining")}
          disabled={notice.locked}
        >
          {t("sessions.join")}
        </Button>
      </div>
    </form>
  );
}
