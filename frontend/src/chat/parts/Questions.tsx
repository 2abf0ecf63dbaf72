/** What is asked before a message is deleted, and what is told of one that is reported. */
import { useEffect, useId, useState } from "react";

import { t } from "../../i18n/translate";
import { Button } from "../../ui/Button";
import { Modal } from "../../ui/Modal";
import { showToast } from "../../ui/toasts";
import type { ChatSource, Message } from "../core/types";
import { told } from "./problemWords";

const REASON_LENGTH = 1000;

type QuestionProps = { source: ChatSource; message: Message; onClose: () => void };

/** The keys of a message are gone while it is asked about; the focus comes back to the message. */
function useFocusBack({ id }: Message): void {
  useEffect(
    () => () => {
      if (document.activeElement !== document.body) return;
      const row = document.querySelector(`[data-message=${JSON.stringify(id)}] > article`);
      if (row instanceof HTMLElement) row.focus({ preventScroll: true });
    },
    [id],
  );
}

export function DeleteQuestion({ source, message, onClose }: QuestionProps) {
  useFocusBack(message);
  const [busy, setBusy] = useState(false);
  const remove = async () => {
    setBusy(true);
    await told(source.remove(message.id));
    onClose();
  };
  return (
    <Modal
      title={t("conversation.delete_title")}
      question
      onClose={onClose}
      foot={
        <>
          <Button kind="quiet" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button
            kind="danger"
            busy={busy}
            busyWords={t("conversation.deleting")}
            onClick={() => void remove()}
          >
            {t("conversation.delete")}
          </Button>
        </>
      }
    >
      <p>{t("conversation.delete_words")}</p>
      <MessageExcerpt message={message} />
    </Modal>
  );
}

export function ReportQuestion({ source, message, onClose }: QuestionProps) {
  useFocusBack(message);
  const id = useId();
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const report = async () => {
    setBusy(true);
    const done = await told(source.report?.(message.id, reason.trim()));
    setBusy(false);
    if (!done) return;
    onClose();
    showToast({ words: t("conversation.reported") });
  };
  return (
    <Modal
      title={t("conversation.report_title")}
      onClose={onClose}
      foot={
        <>
          <Button kind="quiet" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button
            kind="primary"
            busy={busy}
            busyWords={t("conversation.reporting")}
            disabled={reason.trim() === ""}
            onClick={() => void report()}
          >
            {t("conversation.report_send")}
          </Button>
        </>
      }
    >
      <p>{t("conversation.report_words")}</p>
      <MessageExcerpt message={message} />
      <div className="nz-field nz-report-field">
        <label className="nz-label" htmlFor={id}>
          {t("conversation.report_reason")}
        </label>
        <textarea
          id={id}
          className="nz-input nz-area"
          maxLength={REASON_LENGTH}
          rows={3}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
    </Modal>
  );
}

function MessageExcerpt({ message }: { message: Message }) {
  return (
    <blockquote className="nz-excerpt">
      <bdi className="nz-quote-name">{message.author?.display_name}</bdi>
      <p dir="auto">{message.text || t("conversation.attachment")}</p>
    </blockquote>
  );
}
