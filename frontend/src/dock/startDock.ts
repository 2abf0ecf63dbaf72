/** Hears the presses that lead into a call, and loads the dock with the first of them. */
import { loadMessages } from "../i18n/load";
import { t } from "../i18n/translate";
import { showToast } from "../ui/toasts";
import { CallDock } from "./callDock";
import { recallCall } from "./memory";
import { tellEnd } from "./tellEnd";
import type { DockConfig, Place } from "./types";

const DOORS = "[data-enter-channel], [data-enter-session]";

/** `onLoad`: React is about to show toasts and announcements itself. */
export function startDock(place: HTMLElement, config: DockConfig, onLoad: () => void): CallDock {
  const dock = new CallDock({
    displayName: config.display_name,
    onEndInBar: (end, where) => tellEnd(end, where.name, () => dock.enter(where)),
  });
  let loading: Promise<void> | null = null;
  const load = async () => {
    const { mountDock } = await import("./mountDock");
    await mountDock(place, dock, config);
    onLoad();
  };
  const need = () => {
    loading ??= load().catch(() => {
      loading = null;
      dock.leave();
      showToast({ key: "call", words: t("spaces.call_failed"), tone: "bad", urgency: "assertive" });
    });
  };
  dock.subscribe(() => {
    const inCall = dock.getState().step.at !== "none";
    place.toggleAttribute("data-call", inCall);
    if (inCall) need();
  });
  document.addEventListener("click", (event) => {
    const door = doorOf(event);
    if (!door || event.button !== 0 || isForAnotherTab(event)) return;
    event.preventDefault();
    dock.enter(placeOf(door));
  });
  // Whoever points at a door is about to go through it.
  for (const near of ["pointerover", "focusin"]) {
    document.addEventListener(near, (event) => {
      if (doorOf(event)) prepare();
    });
  }
  for (const turned of ["htmx:afterSettle", "htmx:historyRestore"]) {
    document.body.addEventListener(turned, (event) => {
      const { boosted } = (event as CustomEvent<{ boosted?: boolean } | null>).detail ?? {};
      if (boosted || turned === "htmx:historyRestore") dock.turnTo(location.pathname);
    });
  }
  if (recallCall()) dock.goOn();
  return dock;
}

let prepared = false;

function prepare(): void {
  if (prepared) return;
  prepared = true;
  // What does not come now is asked for again with the press.
  Promise.all([
    import("./mountDock"),
    import("../call/CallPage"),
    loadMessages("sessions", "call"),
  ]).catch(() => {
    prepared = false;
  });
}

function doorOf(event: Event): HTMLElement | null {
  return event.target instanceof Element ? event.target.closest<HTMLElement>(DOORS) : null;
}

function isForAnotherTab(event: MouseEvent): boolean {
  return event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
}

function placeOf(door: HTMLElement): Place {
  const { enterChannel: id, enterSession: slug = "", name = "", type } = door.dataset;
  if (id) return { kind: "channel", id, name, camera: type === "video" };
  return { kind: "session", slug, name: name || slug };
}
