/** Asks for a day to look at. */
import { useState } from "react";

import { t } from "../../i18n/translate";
import { Button } from "../../ui/Button";
import { Modal } from "../../ui/Modal";
import { TextField } from "../../ui/TextField";
import { dayOf } from "./times";

type DateDialogProps = { onChoose: (date: string) => void; onClose: () => void };

export function DateDialog({ onChoose, onClose }: DateDialogProps) {
  const today = dayOf(new Date());
  const [day, setDay] = useState(today);
  const go = () => {
    // Without a zone it is the reader's own midnight.
    const date = new Date(`${day}T00:00:00`);
    if (Number.isNaN(date.getTime())) return;
    onClose();
    onChoose(date.toISOString());
  };
  return (
    <Modal
      title={t("conversation.choose_date_title")}
      onClose={onClose}
      foot={
        <>
          <Button kind="quiet" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button kind="primary" onClick={go}>
            {t("conversation.go")}
          </Button>
        </>
      }
    >
      <TextField
        label={t("conversation.date")}
        type="date"
        value={day}
        max={today}
        onChange={(event) => setDay(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") go();
        }}
      />
    </Modal>
  );
}
