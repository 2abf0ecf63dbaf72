/** What is being written: a new message with its draft, or new words for one that was sent. */
import { useCallback, useState } from "react";

import type { ChatSource, Message, ReplyQuote } from "../core/types";

const QUOTED = 140;

export type Composing = {
  text: string;
  setText: (text: string) => void;
  replyTo: ReplyQuote | null;
  editing: Message | null;
  reply: (message: Message) => void;
  edit: (message: Message) => void;
  /** Takes back the reply or the edit, whichever is on. */
  cancel: () => boolean;
  /** Sent: the field is empty again. */
  done: () => void;
};

export function useComposer(source: ChatSource): Composing {
  const [draft, setDraft] = useState(() => source.draft.get());
  const [edit, setEdit] = useState<{ message: Message; text: string } | null>(null);

  const keep = useCallback(
    (next: typeof draft) => {
      setDraft(next);
      source.draft.set(next);
    },
    [source],
  );

  return {
    text: edit ? edit.text : draft.text,
    setText: (text) => {
      if (edit) setEdit({ ...edit, text });
      else keep({ ...draft, text });
    },
    replyTo: edit ? null : draft.replyTo,
    editing: edit?.message ?? null,
    reply: (message) => {
      setEdit(null);
      keep({ ...draft, replyTo: quoteOf(message) });
    },
    edit: (message) => setEdit({ message, text: message.text }),
    cancel: () => {
      if (edit) setEdit(null);
      else if (draft.replyTo) keep({ ...draft, replyTo: null });
      else return false;
      return true;
    },
    done: () => {
      if (edit) setEdit(null);
      else keep({ text: "", replyTo: null });
    },
  };
}

function quoteOf(message: Message): ReplyQuote {
  return {
    id: message.id,
    display_name: message.author?.display_name ?? "",
    text: message.text.slice(0, QUOTED),
    deleted: message.deleted_at !== null,
  };
}
