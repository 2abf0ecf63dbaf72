/** A key that opens the emoji picker; it is loaded with the first press. */
import { lazy, Suspense, useCallback, useRef, useState, type ReactNode } from "react";

import { IconButton } from "../../ui/IconButton";
import { rememberEmoji } from "./recentEmoji";

const EmojiPicker = lazy(async () => {
  const { EmojiPicker: Picker } = await import("../emoji/EmojiPicker");
  return { default: Picker };
});

type EmojiKeyProps = {
  label: string;
  look?: string;
  size?: "sm" | "md";
  onPick: (emoji: string) => void;
  onOpenChange?: (open: boolean) => void;
  /** Where focus goes after a pick; the key itself, if nobody says. */
  onPicked?: () => void;
  children: ReactNode;
};

export function EmojiKey(props: EmojiKeyProps) {
  const { label, look, size, onPick, onOpenChange, onPicked, children } = props;
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLSpanElement>(null);

  const change = useCallback(
    (next: boolean) => {
      setOpen(next);
      onOpenChange?.(next);
    },
    [onOpenChange],
  );
  const close = useCallback(
    (giveFocusBack: boolean) => {
      change(false);
      if (giveFocusBack) anchor.current?.querySelector("button")?.focus();
    },
    [change],
  );

  return (
    <span ref={anchor} className="contents">
      <IconButton
        label={label}
        look={look}
        size={size}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => change(!open)}
      >
        {children}
      </IconButton>
      {open && (
        <Suspense fallback={null}>
          <EmojiPicker
            label={label}
            anchor={anchor}
            onClose={close}
            onPick={(emoji) => {
              rememberEmoji(emoji);
              close(onPicked === undefined);
              onPick(emoji);
              onPicked?.();
            }}
          />
        </Suspense>
      )}
    </span>
  );
}
