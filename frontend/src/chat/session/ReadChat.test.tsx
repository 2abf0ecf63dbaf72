import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { ProblemError } from "../../api/problem";
import * as chatApi from "../core/chatApi";
import { sampleConversation } from "../core/samples";
import type { MessagePage } from "../core/types";
import ReadChat from "./ReadChat";

const list = vi.fn<(query: object) => Promise<MessagePage>>();
/** What it is drawn with comes by a request of its own. */
const SOON = { timeout: 20_000 };
const page = { epoch: "e1", offset: 6, has_before: false, has_after: false };

beforeEach(() => {
  const refused = vi.fn();
  vi.spyOn(chatApi, "sessionApi").mockReturnValue({
    list,
    send: refused,
    edit: refused,
    remove: refused,
    report: refused,
    typing: refused,
  });
});

it("who was there reads what was written, and writes nothing more", async () => {
  list.mockResolvedValue({ ...page, results: sampleConversation() });
  render(<ReadChat slug="abcd" participantId="me" />);
  await userEvent.click(await screen.findByRole("button", { name: "Read the chat" }));
  expect(await screen.findByText(/Shall we begin/, {}, SOON)).toBeTruthy();
  expect(screen.getByText("Marta Silva joined")).toBeTruthy();
  expect(screen.queryByRole("textbox")).toBeNull();
  expect(
    screen.getByText("The session is over. You can read here until the chat goes."),
  ).toBeTruthy();
});

it.each([
  ["nothing was written", () => Promise.resolve({ ...page, results: [] })],
  [
    "one may not read",
    () => Promise.reject(new ProblemError({ code: "chat_closed", status: 403, title: "" })),
  ],
])("nothing is offered where %s", async (_why, answer) => {
  list.mockImplementation(answer);
  render(<ReadChat slug="abcd" participantId={null} />);
  await vi.waitFor(() => expect(list).toHaveBeenCalled());
  expect(screen.queryByRole("button")).toBeNull();
});
