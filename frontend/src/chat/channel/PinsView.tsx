/** What is pinned in the channel. */
import { PinOff } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";

import { t } from "../../i18n/translate";
import { Button } from "../../ui/Button";
import { IconButton } from "../../ui/IconButton";
import { Skeleton } from "../../ui/Skeleton";
import { plainWords } from "../core/markdown";
import type { ChatSnapshot, ChatSource, Message } from "../core/types";
import { MessageSkeleton } from "../parts/MessageSkeleton";
import { problemWords, told } from "../parts/problemWords";
import { MessageCard } from "./MessageCard";

type PinsViewProps = {
  source: ChatSource;
  channelId: string;
  onGo: (target: { id: string; channelId: string }) => void;
};

export function PinsView({ source, channelId, onGo }: PinsViewProps) {
  const snapshot = useSyncExternalStore(source.subscribe, source.getSnapshot);
  const [pins, setPins] = useState<readonly Message[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);
  const pinned = pinnedIn(snapshot);

  // What is pinned or unpinned meanwhile, here or elsewhere, is asked for once more.
  useEffect(() => {
    let isHere = true;
    source.listPins?.().then(
      (found) => {
        if (!isHere) return;
        setPins(found);
        setProblem(null);
      },
      (error: unknown) => isHere && setProblem(problemWords(error)),
    );
    return () => {
      isHere = false;
    };
  }, [source, pinned, turn]);

  if (problem !== null) {
    return (
      <div className="nz-chat-side-middle">
        <p role="alert">{problem}</p>
        <Button size="sm" onClick={() => setTurn(turn + 1)}>
          {t("common.try_again")}
        </Button>
      </div>
    );
  }
  if (pins === null) {
    return (
      <Skeleton label={t("conversation.loading")}>
        <MessageSkeleton rows={4} />
      </Skeleton>
    );
  }
  if (pins.length === 0) {
    return <p className="nz-chat-side-middle">{t("conversation.pins_none")}</p>;
  }
  return (
    <ul className="nz-chat-side-list">
      {pins.map((message) => (
        <li key={message.id}>
          <MessageCard
            message={message}
            onGo={() => onGo({ id: message.id, channelId })}
            keys={
              snapshot.canModerate && (
                <IconButton
                  label={t("conversation.unpin")}
                  onClick={() => void told(unpin(source, message.id, () => setTurn(turn + 1)))}
                >
                  <PinOff size={16} aria-hidden="true" />
                </IconButton>
              )
            }
          >
            {plainWords(message.text)}
          </MessageCard>
        </li>
      ))}
    </ul>
  );
}

async function unpin(source: ChatSource, id: string, done: () => void): Promise<void> {
  await source.pin?.(id, false);
  done();
}

function pinnedIn({ items }: ChatSnapshot): string {
  return items
    .flatMap((item) => (item.state === "sent" && item.message.pinned_at ? item.message.id : []))
    .join(" ");
}
