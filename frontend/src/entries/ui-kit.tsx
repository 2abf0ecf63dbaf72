/** The page that shows every shared component in every state, in development. */
import "../ui/app.css";
import "../ui/kit/kit.css";

import type { ComponentType } from "react";
import { createPortal } from "react-dom";
import { createRoot } from "react-dom/client";

import { KitChat } from "../chat/kit/KitChat";
import { enhanceDialogs } from "../ui/enhanceDialogs";
import { loadMessages } from "../i18n/load";
import { setLanguage } from "../i18n/translate";
import { Announcer } from "../ui/Announcer";
import { KitButtons } from "../ui/kit/KitButtons";
import { KitDoors } from "../ui/kit/KitDoors";
import { KitChoices, KitFields } from "../ui/kit/KitFields";
import { KitMenus } from "../ui/kit/KitMenus";
import { KitNotices } from "../ui/kit/KitNotices";
import { KitPeople } from "../ui/kit/KitPeople";
import { Toaster } from "../ui/Toaster";

const PARTS: Record<string, ComponentType> = {
  buttons: KitButtons,
  fields: KitFields,
  people: KitPeople,
  notices: KitNotices,
  menus: KitMenus,
  controls: KitChoices,
  doors: KitDoors,
  chat: KitChat,
};

function Kit() {
  return (
    <>
      <Announcer />
      {Object.entries(PARTS).map(([name, Part]) => {
        const place = document.querySelector(`[data-kit="${name}"]`);
        return place && createPortal(<Part />, place, name);
      })}
      <Toaster />
    </>
  );
}

setLanguage(document.documentElement.lang === "ru" ? "ru" : "en");
await loadMessages("common", "chat", "conversation");
enhanceDialogs(document);
createRoot(document.body.appendChild(document.createElement("div"))).render(<Kit />);
