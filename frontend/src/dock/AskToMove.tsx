/** Asks before one leaves a call for another. */
import { t } from "../i18n/translate";
import { Button } from "../ui/Button";
import { Modal } from "../ui/Modal";

type AskToMoveProps = { from: string; to: string; onMove: () => void; onStay: () => void };

export function AskToMove({ from, to, onMove, onStay }: AskToMoveProps) {
  return (
    <Modal
      question
      title={t("spaces.move_question", { from, to })}
      onClose={onStay}
      foot={
        <>
          <Button kind="quiet" onClick={onStay}>
            {t("spaces.stay")}
          </Button>
          <Button kind="primary" onClick={onMove}>
            {t("spaces.move")}
          </Button>
        </>
      }
    >
      <p className="text-ink-2">{t("spaces.move_what")}</p>
    </Modal>
  );
}
