/** Entries of a menu that belong together, under their heading. */
import { Check } from "lucide-react";
import { useId } from "react";

import { classes } from "./classes";
import type { MenuChoice } from "./menuEntries";

const ROLES = { action: "menuitem", check: "menuitemcheckbox", radio: "menuitemradio" } as const;

type MenuGroupProps = {
  group: { label?: string; choices: MenuChoice[] };
  first: boolean;
  onClose: (giveFocusBack: boolean) => void;
};

export function MenuGroup({ group, first, onClose }: MenuGroupProps) {
  const id = useId();
  return (
    <>
      {!first && <div role="separator" className="nz-menu-rule" />}
      <div role="group" aria-labelledby={group.label === undefined ? undefined : id}>
        {group.label !== undefined && (
          <div className="nz-menu-heading" id={id} role="presentation">
            {group.label}
          </div>
        )}
        {group.choices.map((choice) => (
          <Entry key={choice.label} choice={choice} onClose={onClose} />
        ))}
      </div>
    </>
  );
}

function Entry({ choice, onClose }: { choice: MenuChoice; onClose: MenuGroupProps["onClose"] }) {
  const kind = choice.kind ?? "action";
  const danger = choice.kind !== "check" && choice.kind !== "radio" && choice.danger;
  const checked = choice.kind === "check" || choice.kind === "radio" ? choice.checked : undefined;
  return (
    <button
      type="button"
      role={ROLES[kind]}
      tabIndex={-1}
      data-menu-item=""
      className={classes("nz-menu-item", danger && "nz-menu-item-danger")}
      aria-checked={checked}
      aria-disabled={choice.disabled || undefined}
      onClick={() => {
        if (choice.disabled) return;
        onClose(true);
        choice.onChoose();
      }}
    >
      {choice.icon}
      <span className="nz-menu-words">{choice.label}</span>
      {checked && <Check size={16} aria-hidden="true" />}
      {choice.shortcut !== undefined && <kbd className="nz-key">{choice.shortcut}</kbd>}
    </button>
  );
}
