/** Draws the dock into its place on the page, once; htmx never touches it. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { loadMessages } from "../i18n/load";
import type { CallDock } from "./callDock";
import { Dock } from "./Dock";
import type { DockConfig } from "./types";

export async function mountDock(place: Element, dock: CallDock, config: DockConfig): Promise<void> {
  await loadMessages("sessions");
  createRoot(place).render(
    <StrictMode>
      <Dock dock={dock} config={config} />
    </StrictMode>,
  );
}
