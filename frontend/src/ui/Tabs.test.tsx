import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";

import { Tabs } from "./Tabs";

test("arrow keys move between tabs, and one panel is shown", async () => {
  render(
    <Tabs
      label="Parts"
      tabs={[
        { key: "a", label: "Sound", panel: "The sound" },
        { key: "b", label: "Camera", panel: "The camera" },
      ]}
    />,
  );
  await userEvent.click(screen.getByRole("tab", { name: "Sound" }));
  await userEvent.keyboard("{ArrowRight}");
  expect(document.activeElement?.textContent).toBe("Camera");
  expect(screen.getByRole("tabpanel").textContent).toBe("The camera");
  await userEvent.keyboard("{ArrowRight}");
  expect(screen.getByRole("tabpanel").textContent).toBe("The sound");
});
