/** Looks for messages: by words, in this channel or all of them, of one person, with a file. */
import { useState } from "react";

import { t } from "../../i18n/translate";
import { Button } from "../../ui/Button";
import { Checkbox } from "../../ui/Checkbox";
import { Select } from "../../ui/Select";
import { Skeleton } from "../../ui/Skeleton";
import { TextField } from "../../ui/TextField";
import type { ChatSource } from "../core/types";
import { MessageSkeleton } from "../parts/MessageSkeleton";
import { AuthorField, type AuthorChosen } from "./AuthorField";
import { MessageCard } from "./MessageCard";
import type { Found } from "./searchApi";
import { useSearch, type Search } from "./useSearch";

type SearchViewProps = {
  source: ChatSource;
  channelId: string;
  spaceId: string;
  onGo: (target: { id: string; channelId: string }) => void;
};

export function SearchView({ source, channelId, spaceId, onGo }: SearchViewProps) {
  const [words, setWords] = useState("");
  const [where, setWhere] = useState("here");
  const [author, setAuthor] = useState<AuthorChosen | null>(null);
  const [withFile, setWithFile] = useState(false);
  const search = useSearch(spaceId, {
    words,
    channelId: where === "here" ? channelId : null,
    authorId: author?.id ?? null,
    withFile,
  });
  return (
    <>
      <search className="nz-search">
        <TextField
          label={t("conversation.search_label")}
          labelHidden
          type="search"
          maxLength={200}
          placeholder={t("conversation.search_label")}
          autoComplete="off"
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <div className="nz-search-filters">
          <Select
            label={t("conversation.search_where")}
            labelHidden
            value={where}
            choices={[
              { value: "here", label: t("conversation.search_here") },
              { value: "everywhere", label: t("conversation.search_everywhere") },
            ]}
            onChoose={setWhere}
          />
          <AuthorField source={source} chosen={author} onChoose={setAuthor} />
        </div>
        <Checkbox checked={withFile} onChange={setWithFile}>
          {t("conversation.search_files")}
        </Checkbox>
      </search>
      <p className="sr-only" role="status">
        {search.found && !search.busy ? foundWords(search) : ""}
      </p>
      <Results search={search} here={where === "here"} onGo={onGo} />
    </>
  );
}

type ResultsProps = { search: Search; here: boolean; onGo: SearchViewProps["onGo"] };

function Results({ search, here, onGo }: ResultsProps) {
  const { found, problem, busy, hasMore, more } = search;
  if (problem !== null) {
    return (
      <p className="nz-chat-side-middle" role="alert">
        {problem}
      </p>
    );
  }
  if (found === null) {
    return busy ? (
      <Skeleton label={t("conversation.loading")}>
        <MessageSkeleton rows={4} />
      </Skeleton>
    ) : (
      <p className="nz-chat-side-middle">{t("conversation.search_start")}</p>
    );
  }
  if (found.length === 0) {
    return <p className="nz-chat-side-middle">{t("conversation.search_none")}</p>;
  }
  return (
    <ul className="nz-chat-side-list" aria-busy={busy}>
      {found.map((one) => (
        <li key={one.message.id}>
          <MessageCard
            message={one.message}
            channel={here ? undefined : one.channel.name}
            onGo={() => onGo({ id: one.message.id, channelId: one.channel.id })}
          >
            <Excerpt found={one} />
          </MessageCard>
        </li>
      ))}
      {hasMore && (
        <li>
          <Button wide busy={busy} busyWords={t("conversation.loading")} onClick={more}>
            {t("conversation.search_more")}
          </Button>
        </li>
      )}
    </ul>
  );
}

function Excerpt({ found }: { found: Found }) {
  // Parts have no names, and never change their places.
  return found.excerpt.map(({ text, is_hit }, place) =>
    is_hit ? <mark key={place}>{text}</mark> : <span key={place}>{text}</span>,
  );
}

function foundWords({ found, hasMore }: Search): string {
  const count = found?.length ?? 0;
  if (count === 0) return t("conversation.search_none");
  return t("conversation.search_found", { count }) + (hasMore ? " +" : "");
}
