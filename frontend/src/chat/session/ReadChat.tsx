/** After a session: what was written in it, for who was there and as long as it is kept. */
import { MessageSquare } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";

import { t } from "../../i18n/translate";
import { Button } from "../../ui/Button";
import { Modal } from "../../ui/Modal";
import { sessionApi } from "../core/chatApi";

/** Few read it again. */
const Reading = lazy(() => import("./Reading"));

type ReadChatProps = { slug: string; participantId: string | null };

export default function ReadChat({ slug, participantId }: ReadChatProps) {
  const [isThere, setThere] = useState(false);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    let left = false;
    sessionApi(slug)
      .list({ limit: 1 })
      .then(
        ({ results }) => {
          if (!left) setThere(results.length > 0);
        },
        // Gone, or not for oneself: nobody is told that there was something.
        () => undefined,
      );
    return () => {
      left = true;
    };
  }, [slug]);
  if (!isThere) return null;
  return (
    <>
      <Button
        kind="quiet"
        icon={<MessageSquare size={18} aria-hidden="true" />}
        onClick={() => setOpen(true)}
      >
        {t("chat.read")}
      </Button>
      {open && (
        <Modal title={t("chat.title")} wide onClose={() => setOpen(false)}>
          <Suspense fallback={<div className="nz-read-chat" />}>
            <Reading slug={slug} participantId={participantId} />
          </Suspense>
        </Modal>
      )}
    </>
  );
}
