/** F6: from the stage to the bar, to the open panel, and round again; with Shift backwards. */

const FOCUSABLE = 'button:not(:disabled), a[href], input, select, textarea, [tabindex="0"]';

export function walkRegions(page: HTMLElement | null, backwards: boolean): void {
  const regions = [...(page?.querySelectorAll<HTMLElement>("[data-region]") ?? [])];
  if (regions.length === 0) return;
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const step = backwards ? -1 : 1;
  const next = at < 0 ? 0 : (at + step + regions.length) % regions.length;
  focusFirst(regions[next]);
}

/** The first control that takes the focus: some are there for other widths only. */
function focusFirst(region: HTMLElement | undefined): void {
  if (!region) return;
  for (const target of [...region.querySelectorAll<HTMLElement>(FOCUSABLE), region]) {
    target.focus();
    if (document.activeElement === target) return;
  }
}
