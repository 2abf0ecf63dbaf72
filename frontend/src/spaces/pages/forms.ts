/** Forms of the pages of a space: each goes out once, with the token that the browser holds now. */

type Requested = { requestConfig?: { elt?: unknown; verb?: string } };

export function startForms(page: Document, token: () => string): void {
  /** What each form that waits for its answer has sent. */
  const underWay = new WeakMap<object, string>();
  let pressed = "";
  page.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
      // Who has logged in anew in another tab has another token than this page was made with.
      const field = form.elements.namedItem("csrfmiddlewaretoken");
      if (field instanceof HTMLInputElement) field.value = token() || field.value;
      pressed = contentsOf(form, event.submitter);
      if (underWay.get(form) !== pressed) return;
      // A second press of the same thing: it is being done.
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );
  page.addEventListener("htmx:beforeSend", (event) => {
    const form = formOf(event);
    if (form) underWay.set(form, pressed);
  });
  page.addEventListener("htmx:afterRequest", (event) => {
    const form = formOf(event);
    if (form) underWay.delete(form);
  });
}

function formOf(event: Event): HTMLFormElement | null {
  const { elt, verb } = (event as CustomEvent<Requested>).detail.requestConfig ?? {};
  return elt instanceof HTMLFormElement && verb === "post" ? elt : null;
}

function contentsOf(form: HTMLFormElement, submitter: HTMLElement | null): string {
  const said = [...new FormData(form)].map(([name, value]) => [
    name,
    typeof value === "string" ? value : `${value.name} ${value.size}`,
  ]);
  const by = submitter instanceof HTMLButtonElement ? [submitter.name, submitter.value] : [];
  return JSON.stringify([...said, by]);
}
