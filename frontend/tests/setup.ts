/** Runs before each test file: English catalogues, and a clean page after each test. */
import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

import call from "../src/i18n/en/call";
import chat from "../src/i18n/en/chat";
import common from "../src/i18n/en/common";
import sessions from "../src/i18n/en/sessions";
import spaces from "../src/i18n/en/spaces";
import { addMessages, setLanguage } from "../src/i18n/translate";

setLanguage("en");
addMessages(common);
addMessages(sessions);
addMessages(call);
addMessages(chat);
addMessages(spaces);

// jsdom knows dialogs, but not how to open them.
HTMLDialogElement.prototype.showModal = function showModal() {
  this.open = true;
  this.querySelector("button")?.focus();
};
HTMLDialogElement.prototype.close = function close() {
  this.open = false;
};

afterEach(() => {
  cleanup();
  localStorage.clear();
});
