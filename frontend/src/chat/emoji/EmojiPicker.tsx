/** Emoji to choose from: a field to search in, groups, and a grid that arrow keys walk. */
import "../styles/emoji.css";

import {
  Apple,
  Clock,
  Flag,
  Heart,
  Leaf,
  Lightbulb,
  Plane,
  Search,
  Smile,
  Trophy,
  UsersRound,
  type LucideIcon,
} from "lucide-react";
import {
  useDeferredValue,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type RefObject,
} from "react";
import { createPortal } from "react-dom";

import { t } from "../../i18n/translate";
import { topDialog } from "../../ui/openDialogs";
import { lower, place, raise } from "../../ui/topLayer";
import { recentEmoji } from "../parts/recentEmoji";
import {
  findEmoji,
  loadEmoji,
  recentOf,
  type Emoji,
  type EmojiGroup,
  type GroupId,
} from "./emojiData";
import { EmojiGrid } from "./EmojiGrid";
import { nextEmoji } from "./walkGrid";

const SIGNS: Partial<Record<GroupId, LucideIcon>> = {
  recent: Clock,
  smileys: Smile,
  people: UsersRound,
  nature: Leaf,
  food: Apple,
  travel: Plane,
  activities: Trophy,
  objects: Lightbulb,
  symbols: Heart,
  flags: Flag,
};

export type EmojiPickerProps = {
  label: string;
  anchor: RefObject<HTMLElement | null>;
  onPick: (emoji: string) => void;
  onClose: (giveFocusBack: boolean) => void;
};

export function EmojiPicker({ label, anchor, onPick, onClose }: EmojiPickerProps) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const [groups, setGroups] = useState<readonly EmojiGroup[] | "failed" | null>(null);
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const asked = useDeferredValue(query);

  useEffect(() => {
    let isHere = true;
    loadEmoji().then(
      (all) => isHere && setGroups(all),
      () => isHere && setGroups("failed"),
    );
    return () => {
      isHere = false;
    };
  }, []);
  useFloating(box, anchor, groups, onClose);

  const shown = useMemo(() => shownOf(groups, asked), [groups, asked]);
  const all = shown.flatMap((group) => group.emoji.map((one) => keyOf(group, one)));
  const current =
    chosen !== null && all.includes(chosen) ? chosen : asked ? (all[0] ?? null) : null;

  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Escape") {
      event.preventDefault();
      onClose(true);
    } else if (event.key === "Enter" && event.target instanceof HTMLInputElement) {
      event.preventDefault();
      const sign = signOf(current);
      if (sign) onPick(sign);
    } else if (grid.current && event.target instanceof HTMLInputElement) {
      const next = nextEmoji(event.key, grid.current, current);
      if (next === undefined) return;
      event.preventDefault();
      setChosen(next);
    }
  };

  return createPortal(
    // Keys are heard for the whole picker, wherever the focus is in it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={box}
      className="nz-emoji"
      role="dialog"
      aria-label={label}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <div className="nz-emoji-search">
        <Search size={16} aria-hidden="true" />
        <input
          type="text"
          role="combobox"
          className="nz-input"
          placeholder={t("conversation.emoji_search")}
          aria-label={t("conversation.emoji_search")}
          aria-expanded="true"
          aria-autocomplete="list"
          aria-controls={`${id}-grid`}
          aria-activedescendant={current === null ? undefined : `${id}-${current}`}
          autoComplete="off"
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setChosen(null);
          }}
        />
      </div>
      {!asked && Array.isArray(groups) && (
        <GroupKeys shown={shown} onPress={(group) => scrollTo(grid.current, group)} />
      )}
      <EmojiGrid
        ref={grid}
        id={id}
        label={label}
        shown={shown}
        current={current}
        onPoint={setChosen}
        onPick={onPick}
      />
      <p className="nz-emoji-note" role="status">
        {noteOf(groups, shown, current)}
      </p>
    </div>,
    // Beside an open dialog nothing can be reached.
    topDialog() ?? document.body,
  );
}

function GroupKeys({
  shown,
  onPress,
}: {
  shown: readonly EmojiGroup[];
  onPress: (group: GroupId) => void;
}) {
  return (
    <div className="nz-emoji-groups" role="group" aria-label={t("conversation.emoji_groups")}>
      {shown.map(({ id }) => {
        const Sign = SIGNS[id] ?? Smile;
        const words = t(`conversation.emoji_${id}`);
        return (
          <button
            key={id}
            type="button"
            className="nz-icon-button"
            aria-label={words}
            title={words}
            onClick={() => onPress(id)}
          >
            <Sign size={18} aria-hidden="true" />
          </button>
        );
      })}
    </div>
  );
}

/** Stands beside what opened it; a press elsewhere closes it. */
function useFloating(
  box: RefObject<HTMLDivElement | null>,
  anchor: RefObject<HTMLElement | null>,
  groups: unknown,
  onClose: (giveFocusBack: boolean) => void,
): void {
  useLayoutEffect(() => {
    const floating = box.current;
    const button = anchor.current?.querySelector("button");
    if (!floating || !button) return;
    raise(floating);
    const put = () => place(floating, button, "above", "end");
    put();
    // On a phone the keyboard would cover what one came for.
    const isTouch = matchMedia("(hover: none) and (pointer: coarse)").matches;
    (isTouch ? floating : floating.querySelector("input"))?.focus();
    window.addEventListener("resize", put);
    return () => {
      window.removeEventListener("resize", put);
      lower(floating);
    };
  }, [box, anchor]);
  useLayoutEffect(() => {
    const button = anchor.current?.querySelector("button");
    if (box.current && button) place(box.current, button, "above", "end");
  }, [box, anchor, groups]);
  useEffect(() => {
    const outside = (event: PointerEvent) => {
      const at = event.target as Node;
      if (!box.current?.contains(at) && !anchor.current?.contains(at)) onClose(false);
    };
    document.addEventListener("pointerdown", outside, true);
    return () => document.removeEventListener("pointerdown", outside, true);
  }, [box, anchor, onClose]);
}

/** The same emoji stands among the recent ones, too. */
function keyOf(group: EmojiGroup, emoji: Emoji): string {
  return `${group.id}_${emoji.sign}`;
}

function signOf(key: string | null): string | null {
  return key === null ? null : key.slice(key.indexOf("_") + 1);
}

function shownOf(groups: readonly EmojiGroup[] | "failed" | null, query: string): EmojiGroup[] {
  if (groups === null || groups === "failed") return [];
  if (query.trim()) return [{ id: "found", emoji: findEmoji(groups, query) }];
  const recent = recentOf(groups, recentEmoji());
  return recent.length > 0 ? [{ id: "recent", emoji: recent }, ...groups] : [...groups];
}

function noteOf(
  groups: readonly EmojiGroup[] | "failed" | null,
  shown: readonly EmojiGroup[],
  current: string | null,
): string {
  if (groups === null) return t("conversation.loading");
  if (groups === "failed") return t("conversation.failed");
  const sign = signOf(current);
  const emoji = shown.flatMap((group) => group.emoji).find((one) => one.sign === sign);
  if (emoji) return emoji.name;
  return shown[0]?.id === "found" && shown[0].emoji.length === 0
    ? t("conversation.emoji_none")
    : "";
}

function scrollTo(grid: HTMLElement | null, group: GroupId): void {
  const heading = grid?.querySelector<HTMLElement>(`[data-group="${group}"]`);
  if (grid && heading) grid.scrollTop = heading.offsetTop - grid.offsetTop;
}
