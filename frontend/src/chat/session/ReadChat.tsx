/** After a session: what was written in it, for who was there and as long as it is kept. */
import "./session.css";

import { MessageSquare } from "lucide-react";
import { useEffect, useState } from "react";

import { StreamRelay } from "../../api/streams";
import { t } from "../../i18n/translate";
import { Button } from "../../ui/Button";
import { Modal } from "../../ui/Modal";
import { sessionApi } from "../core/chatApi";
import { Conversation as Conversed } from "../core/conversation";
import { Conversation } from "../parts/Conversation";

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
          if (!left) setThere(results.some(({ kind }) => kind === "user") || results.length > 0);
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
          <Reading slug={slug} participantId={participantId} />
        </Modal>
      )}
    </>
  );
}

function Reading({ slug, participantId }: ReadChatProps) {
  const [source] = useState(
    () =>
      new Conversed({
        api: sessionApi(slug),
        // Nothing new is said any more.
        relay: new StreamRelay("chat"),
        place: `session ${slug}`,
        channelId: null,
        me: { participant_id: participantId },
        canModerate: false,
        canWrite: false,
      }),
  );
  useEffect(() => {
    source.start();
    return () => source.stop();
  }, [source]);
  return (
    <div className="nz-read-chat">
      <Conversation
        source={source}
        variant="panel"
        placeholder=""
        label={t("chat.title")}
        readOnlyWords={t("chat.closed")}
      />
    </div>
  );
}
