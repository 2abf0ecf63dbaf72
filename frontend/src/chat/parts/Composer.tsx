/** Where one writes. */
import { ArrowUp, Check, Paperclip, Smile } from "lucide-react";
import {
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  type ClipboardEvent,
  type KeyboardEvent,
  type Ref,
} from "react";

import { t } from "../../i18n/translate";
import { classes } from "../../ui/classes";
import { IconButton } from "../../ui/IconButton";
import type { ChatSource } from "../core/types";
import { ComposerContext } from "./ComposerContext";
import { EmojiKey } from "./EmojiKey";
import { mentionedIds, withMention } from "./mentionQuery";
import { MentionMenu, mentionOptionId } from "./MentionMenu";
import { problemWords } from "./problemWords";
import { UploadTray } from "./UploadTray";
import type { Composing } from "./useComposer";
import { useMentions, type Candidate } from "./useMentions";
import type { Uploads } from "./useUploads";

const LONGEST = 4000;
/** From here on what is left is told. */
const TELL_FROM = 3600;

export type ComposerRef = { focus: () => void };

type ComposerProps = {
  ref?: Ref<ComposerRef>;
  source: ChatSource;
  composing: Composing;
  uploads: Uploads;
  placeholder: string;
  onSent: () => void;
  /** ArrowUp in an empty field. */
  onEditLast: () => void;
};

export function Composer(props: ComposerProps) {
  const { ref, source, composing, uploads, placeholder, onSent, onEditLast } = props;
  const { text, setText, editing, replyTo } = composing;
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const wantedCaret = useRef<number | null>(null);
  const picked = useRef(new Map<string, string>());
  const [caret, setCaret] = useState(text.length);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const mentions = useMentions(source, text, caret);

  useImperativeHandle(ref, () => ({ focus: () => field.current?.focus() }));
  useLayoutEffect(() => {
    const at = wantedCaret.current;
    if (at === null) return;
    wantedCaret.current = null;
    field.current?.setSelectionRange(at, at);
  }, [text]);

  const length = Array.from(text.trim()).length;
  const ready = uploads.list.filter(({ state }) => state === "done");
  const waits = uploads.list.some(({ state }) => state !== "done");
  const isEmpty = length === 0 && (editing !== null || ready.length === 0);
  const canSend = !isEmpty && length <= LONGEST && !waits && !busy;

  const write = (next: string, at: number) => {
    wantedCaret.current = at;
    setText(next);
    setCaret(at);
  };
  const insert = (words: string) => {
    const { selectionStart = text.length, selectionEnd = text.length } = field.current ?? {};
    write(
      text.slice(0, selectionStart) + words + text.slice(selectionEnd),
      selectionStart + words.length,
    );
  };
  const pick = (candidate: Candidate) => {
    if (!mentions.query) return;
    if (candidate.userId) picked.current.set(candidate.userId, candidate.name);
    const next = withMention(text, mentions.query, candidate.name);
    mentions.dismiss();
    write(next.text, next.caret);
    field.current?.focus();
  };

  const saveEdit = async (words: string) => {
    if (!editing) return;
    setBusy(true);
    try {
      if (words !== editing.text) await source.edit(editing.id, words);
      composing.done();
    } catch (error) {
      setProblem(problemWords(error));
    } finally {
      setBusy(false);
    }
  };
  const send = () => {
    if (!canSend) return;
    setProblem(null);
    const words = text.trim();
    if (editing) {
      void saveEdit(words);
      return;
    }
    const attachments = ready.flatMap(({ attachment }) => attachment ?? []);
    source.send({
      text: words,
      replyTo,
      mentions: mentionedIds(words, picked.current),
      attachments,
    });
    picked.current.clear();
    uploads.clear();
    composing.done();
    setCaret(0);
    onSent();
  };

  const onMentionKey = (event: KeyboardEvent): boolean => {
    const { query, candidates, at, setAt, dismiss } = mentions;
    if (!query) return false;
    const count = candidates.length;
    const chosen = candidates[at];
    if (event.key === "ArrowDown") setAt((at + 1) % count);
    else if (event.key === "ArrowUp") setAt((at + count - 1) % count);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && chosen)
      pick(chosen);
    else if (event.key === "Escape") dismiss();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter ends the composing of a word in some languages; it is not ours then.
    if (event.nativeEvent.isComposing || onMentionKey(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey && !isTouch()) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape" && composing.cancel()) {
      event.preventDefault();
      event.stopPropagation();
      setProblem(null);
    } else if (event.key === "ArrowUp" && text === "" && !editing) {
      event.preventDefault();
      onEditLast();
    }
  };
  const onPaste = (event: ClipboardEvent) => {
    const pasted = [...event.clipboardData.files];
    if (!source.upload || pasted.length === 0 || editing) return;
    event.preventDefault();
    uploads.add(pasted);
  };

  const listId = `${id}-mentions`;
  return (
    <div className="nz-composer-place">
      {mentions.query && (
        <MentionMenu id={listId} candidates={mentions.candidates} at={mentions.at} onPick={pick} />
      )}
      <div className="nz-composer">
        <ComposerContext composing={composing} />
        {!editing && <UploadTray uploads={uploads} />}
        <div className="nz-composer-line">
          {/* The words once more: the place grows with them. */}
          <div className="nz-composer-grow" data-words={`${text}\n`}>
            <textarea
              ref={field}
              className="nz-composer-field"
              rows={1}
              dir="auto"
              value={text}
              placeholder={placeholder}
              aria-label={editing ? t("conversation.edit_field") : placeholder}
              aria-autocomplete={source.mentionable ? "list" : undefined}
              aria-controls={mentions.query ? listId : undefined}
              aria-activedescendant={
                mentions.query ? mentionOptionId(listId, mentions.at) : undefined
              }
              aria-describedby={`${id}-left`}
              aria-invalid={length > LONGEST || undefined}
              enterKeyHint={isTouch() ? "enter" : "send"}
              onChange={(event) => {
                setText(event.target.value);
                setCaret(event.target.selectionStart);
                if (!editing) source.typing();
              }}
              onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
              onKeyDown={onKeyDown}
              onPaste={onPaste}
            />
          </div>
          {source.upload && !editing && (
            <>
              <IconButton
                label={t("conversation.attach")}
                size="md"
                onClick={() => files.current?.click()}
              >
                <Paperclip size={20} aria-hidden="true" />
              </IconButton>
              <input
                ref={files}
                type="file"
                multiple
                hidden
                onChange={(event) => {
                  uploads.add([...(event.target.files ?? [])]);
                  event.target.value = "";
                  field.current?.focus();
                }}
              />
            </>
          )}
          <EmojiKey
            label={t("conversation.emoji")}
            size="md"
            onPick={insert}
            onPicked={() => field.current?.focus()}
          >
            <Smile size={20} aria-hidden="true" />
          </EmojiKey>
          <IconButton
            label={editing ? t("conversation.save") : t("conversation.send")}
            look="nz-send"
            aria-disabled={!canSend || undefined}
            onClick={send}
          >
            {editing ? (
              <Check size={20} aria-hidden="true" />
            ) : (
              <ArrowUp size={20} aria-hidden="true" />
            )}
          </IconButton>
        </div>
      </div>
      <p
        id={`${id}-left`}
        className={classes("nz-composer-note", (problem ?? length > LONGEST) && "nz-composer-bad")}
        role={problem ? "alert" : undefined}
      >
        {problem ?? (length >= TELL_FROM && leftWords(LONGEST - length))}
      </p>
    </div>
  );
}

function leftWords(left: number): string {
  return left >= 0
    ? t("conversation.left", { count: left })
    : t("conversation.too_long", { count: -left });
}

/** On a phone Enter begins a new line, as everywhere there; a key sends. */
function isTouch(): boolean {
  return matchMedia("(hover: none) and (pointer: coarse)").matches;
}
