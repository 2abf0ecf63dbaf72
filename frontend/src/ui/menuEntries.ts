/** What stands in a menu. */
import type { ReactNode } from "react";

type Words = { label: string; icon?: ReactNode; shortcut?: string; disabled?: boolean };

export type MenuAction = Words & { kind?: "action"; danger?: boolean; onChoose: () => void };
export type MenuCheck = Words & { kind: "check"; checked: boolean; onChoose: () => void };
/** One of a group; the group is everything up to the next heading or rule. */
export type MenuRadio = Words & { kind: "radio"; checked: boolean; onChoose: () => void };
export type MenuHeading = { kind: "heading"; label: string };
export type MenuRule = { kind: "rule" };

export type MenuChoice = MenuAction | MenuCheck | MenuRadio;
export type MenuEntry = MenuChoice | MenuHeading | MenuRule;

export function isChoice(entry: MenuEntry): entry is MenuChoice {
  return entry.kind !== "heading" && entry.kind !== "rule";
}

/** Entries in groups, each with its heading, cut at headings and rules. */
export function groupsOf(
  entries: readonly MenuEntry[],
): { label?: string; choices: MenuChoice[] }[] {
  const groups: { label?: string; choices: MenuChoice[] }[] = [];
  let open: { label?: string; choices: MenuChoice[] } | undefined;
  for (const entry of entries) {
    if (isChoice(entry)) {
      if (!open) groups.push((open = { choices: [] }));
      open.choices.push(entry);
    } else if (entry.kind === "heading") {
      groups.push((open = { label: entry.label, choices: [] }));
    } else {
      open = undefined;
    }
  }
  return groups.filter((group) => group.choices.length > 0);
}
