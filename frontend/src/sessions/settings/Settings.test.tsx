import { render, screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { Toaster } from "../../ui/Toaster";
import { DEFAULT_SETTINGS } from "../devices/settings";
import { Settings } from "./Settings";

vi.mock("./SettingsPanel", () => {
  throw new Error("The network is away.");
});

test("settings that do not arrive are said, and leave the page as it is", async () => {
  const onClose = vi.fn();
  render(
    <>
      <p>The call</p>
      <Settings settings={DEFAULT_SETTINGS} onChange={vi.fn()} onClose={onClose} blurOffered />
      <Toaster />
    </>,
  );
  await waitFor(() => expect(onClose).toHaveBeenCalledOnce());
  expect(screen.getByText(/The settings did not load/)).toBeTruthy();
  expect(screen.getByText("The call")).toBeTruthy();
});
