/** Runs before each test file: English catalogues, and a clean page after each test. */
import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

import call from "../src/i18n/en/call";
import chat from "../src/i18n/en/chat";
import common from "../src/i18n/en/common";
import conversation from "../src/i18n/en/conversation";
import sessions from "../src/i18n/en/sessions";
import spaces from "../src/i18n/en/spaces";
import { addMessages, setLanguage } from "../src/i18n/translate";

setLanguage("en");
addMessages(common);
addMessages(sessions);
addMessages(call);
addMessages(chat);
addMessages(conversation);
addMessages(spaces);

// jsdom knows dialogs, but not how to open them.
HTMLDialogElement.prototype.showModal = function showModal() {
  this.open = true;
  this.querySelector("button")?.focus();
};
HTMLDialogElement.prototype.close = function close() {
  this.open = false;
};

// It draws nothing, and has no media to ask about.
Object.defineProperty(window, "matchMedia", {
  writable: true,
  configurable: true,
  value: (media: string) => ({
    media,
    matches: false,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }),
});
Element.prototype.scrollIntoView = () => undefined;

afterEach(() => {
  cleanup();
  localStorage.clear();
});
