import { expect, it, vi } from "vitest";

import { currentToasts } from "../../ui/toasts";
import { startComforts } from "./comforts";

startComforts(document);

it("sends a choice as soon as it is made", () => {
  document.body.innerHTML =
    "<form><select data-autosubmit><option>one</option><option>two</option></select></form>";
  const submit = vi.fn((event: Event) => event.preventDefault());
  document.querySelector("form")?.addEventListener("submit", submit);
  document.querySelector("select")?.dispatchEvent(new Event("change", { bubbles: true }));
  expect(submit).toHaveBeenCalledOnce();
});

it("does nothing at a button that is at its end, and leaves it the focus", () => {
  document.body.innerHTML = '<form><button aria-disabled="true">Up</button></form>';
  const submit = vi.fn((event: Event) => event.preventDefault());
  document.querySelector("form")?.addEventListener("submit", submit);
  document.querySelector("button")?.click();
  expect(submit).not.toHaveBeenCalled();
});

it("copies a link and says so, or shows it where copying is forbidden", async () => {
  document.body.innerHTML =
    '<button data-copy="https://nonza.example/invite/x/" data-copied="Copied"></button>';
  const writeText = vi.fn().mockResolvedValueOnce(undefined).mockRejectedValueOnce(new Error("no"));
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  const words = () => currentToasts().map((toast) => toast.words);
  document.querySelector("button")?.click();
  await vi.waitFor(() => expect(words()).toEqual(["Copied"]));
  document.querySelector("button")?.click();
  await vi.waitFor(() => expect(words()).toEqual(["https://nonza.example/invite/x/"]));
  vi.unstubAllGlobals();
});
