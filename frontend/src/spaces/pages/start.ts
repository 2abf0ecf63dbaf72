/** What the server-made pages of a space do in the browser; the live part is in `../live`. */
import "../styles/figures.css";
import "../styles/pane.css";
import "../styles/reports.css";
import "../styles/settings.css";
import "../styles/shell.css";
import "../styles/text-channel.css";
import "../styles/unread.css";

import { announceFound, startComforts } from "./comforts";
import { startHtmx } from "./htmx";
import { placeMenus } from "../../ui/placeMenus";
import { enableOrder } from "./order";
import { tellTimes } from "./times";
import { takeToasts } from "./toasts";

/** Called once, before the page is ready: htmx reads its settings then. */
export function startPages(csrfCookie: string): void {
  startHtmx(csrfCookie, enhance);
  startComforts(document);
  placeMenus(document);
  enhance();
}

/** Dresses what is new on the page. */
export function enhance(): void {
  takeToasts(document);
  tellTimes(document);
  announceFound(document);
  void enableOrder(document);
}
