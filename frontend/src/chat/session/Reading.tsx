/** The chat of a session that is over: one reads it, and nothing new comes. */
import "./session.css";

import { useEffect, useState } from "react";

import { StreamRelay } from "../../api/streams";
import { t } from "../../i18n/translate";
import { sessionApi } from "../core/chatApi";
import { Conversation as Conversed } from "../core/conversation";
import { Conversation } from "../parts/Conversation";

type ReadingProps = { slug: string; participantId: string | null };

export default function Reading({ slug, participantId }: ReadingProps) {
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
