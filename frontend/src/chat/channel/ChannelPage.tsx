/** A text channel: what is written in it, and beside it the search or what is pinned. */
import "../styles/channel.css";

import { Hash, Pin, Search } from "lucide-react";
import { useCallback, useRef, useState } from "react";

import { t } from "../../i18n/translate";
import { IconButton } from "../../ui/IconButton";
import type { ChatSource } from "../core/types";
import { AlertsKey } from "../parts/AlertsKey";
import { Conversation } from "../parts/Conversation";
import { told } from "../parts/problemWords";
import { PinsView } from "./PinsView";
import { SearchView } from "./SearchView";
import { SideView } from "./SideView";

export type ChannelPageProps = {
  source: ChatSource;
  channelId: string;
  spaceId: string;
  name: string;
  topic: string;
  go: (address: string) => void;
};

type View = "search" | "pins";

/** Below this the view lies over the messages. */
const NARROW = "(max-width: 63.99rem)";

export function ChannelPage({ source, channelId, spaceId, name, topic, go }: ChannelPageProps) {
  const [view, setView] = useState<View | null>(null);
  const keys = useRef<HTMLDivElement>(null);

  const close = useCallback(() => {
    setView((open) => {
      keys.current?.querySelector<HTMLElement>(`[data-view="${open ?? ""}"]`)?.focus();
      return null;
    });
  }, []);
  const goTo = useCallback(
    (target: { id: string; channelId: string }) => {
      if (matchMedia(NARROW).matches) setView(null);
      if (target.channelId === channelId) void told(source.jumpTo(target.id));
      else go(`/channels/${target.channelId}/?message=${target.id}`);
    },
    [source, channelId, go],
  );

  return (
    <>
      <div ref={keys} className="nz-chat-keys">
        <IconButton
          label={t("conversation.search")}
          size="md"
          tooltipSide="below"
          pressed={view === "search"}
          data-view="search"
          onClick={() => setView(view === "search" ? null : "search")}
        >
          <Search size={20} aria-hidden="true" />
        </IconButton>
        <IconButton
          label={t("conversation.pins")}
          size="md"
          tooltipSide="below"
          pressed={view === "pins"}
          data-view="pins"
          onClick={() => setView(view === "pins" ? null : "pins")}
        >
          <Pin size={20} aria-hidden="true" />
        </IconButton>
        <AlertsKey size="md" />
      </div>
      <div className="nz-chat-body">
        <Conversation
          source={source}
          variant="channel"
          placeholder={t("conversation.channel_placeholder", { name })}
          label={t("conversation.channel_label", { name })}
          beginning={<Beginning name={name} topic={topic} />}
        />
        {view === "search" && (
          <SideView title={t("conversation.search")} onClose={close}>
            <SearchView source={source} channelId={channelId} spaceId={spaceId} onGo={goTo} />
          </SideView>
        )}
        {view === "pins" && (
          <SideView title={t("conversation.pins")} onClose={close}>
            <PinsView source={source} channelId={channelId} onGo={goTo} />
          </SideView>
        )}
      </div>
    </>
  );
}

function Beginning({ name, topic }: { name: string; topic: string }) {
  return (
    <div className="nz-beginning">
      <span className="nz-beginning-sign">
        <Hash size={28} aria-hidden="true" />
      </span>
      <h2 dir="auto">{t("conversation.channel_beginning", { name })}</h2>
      <p dir="auto">{topic || t("conversation.channel_beginning_hint")}</p>
    </div>
  );
}
