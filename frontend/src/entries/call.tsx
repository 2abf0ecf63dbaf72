/** The page of a session: gate, call, end. */
import "../ui/app.css";
import "../sessions/gate/gate.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { configureApi } from "../api/client";
import { loadMessages } from "../i18n/load";
import { setLanguage } from "../i18n/translate";
import type { Config } from "../sessions/types";
import { SessionPage } from "./SessionPage";

const config = JSON.parse(document.getElementById("nonza-config")?.textContent ?? "") as Config;
const root = document.getElementById("session");

configureApi(config);
setLanguage(config.language);
await loadMessages("common", "sessions");
// In development every effect runs twice, so that none that leaves something behind goes unseen.
if (root) {
  createRoot(root).render(
    <StrictMode>
      <SessionPage config={config} />
    </StrictMode>,
  );
}
