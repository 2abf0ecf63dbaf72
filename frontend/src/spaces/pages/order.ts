/** Lets moderators drag channels into another order; the arrows beside them do the same by keyboard. */
export async function enableOrder(page: Document): Promise<void> {
  const list = page.querySelector<HTMLElement>("[data-order]");
  const form = page.querySelector<HTMLFormElement>("[data-order-form]");
  if (!list?.querySelector("[data-handle]") || !form || list.dataset.sortable !== undefined) return;
  list.dataset.sortable = "";
  const { default: Sortable } = await import("sortablejs");
  Sortable.create(list, {
    handle: "[data-handle]",
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 180,
    onEnd: ({ item, newIndex, oldIndex }) => {
      if (newIndex === undefined || newIndex === oldIndex) return;
      fill(form, "channel", item.dataset.moves ?? "");
      fill(form, "position", String(newIndex));
      form.requestSubmit();
    },
  });
}

function fill(form: HTMLFormElement, name: string, value: string): void {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement) field.value = value;
}
