let shown = "";

/** Shows the picture that was chosen, before it is sent; the form works without it, and may come later. */
export function previewPictures(page: Document): void {
  page.addEventListener("change", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.type !== "file") return;
    const face = input.closest("[data-picture]")?.querySelector(".nz-avatar");
    const file = input.files?.[0];
    if (!face || !file) return;
    URL.revokeObjectURL(shown);
    shown = URL.createObjectURL(file);
    const picture = page.createElement("img");
    picture.alt = "";
    // What is no picture is told by the server's answer; until then the old face stays.
    picture.addEventListener("load", () => {
      face.replaceChildren(picture);
    });
    picture.src = shown;
  });
}
