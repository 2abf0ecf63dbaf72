import { act, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { expect, test, vi } from "vitest";

import { onAnnouncement } from "../../ui/announcements";
import { FakeSource } from "../core/fakeSource";
import { sampleAuthor, sampleMessage } from "../core/samples";
import type { ChatSnapshot, Mentionable } from "../core/types";
import { Conversation } from "./Conversation";

const NOW = new Date().toISOString();

function show(change: Partial<ChatSnapshot> = {}, source = new FakeSource(change)) {
  const view = render(
    <Conversation source={source} placeholder="Message #general" variant="channel" />,
  );
  return { source, user: userEvent.setup(), ...view };
}

function field(): HTMLTextAreaElement {
  return screen.getByRole<HTMLTextAreaElement>("textbox");
}

function own(offset: number, text: string) {
  const author = sampleAuthor({ participant_id: "me", display_name: "Lena Orlova" });
  return {
    state: "sent" as const,
    message: sampleMessage(offset, { author, text, created_at: NOW }),
  };
}

test("what is written stands in a log, with tombstones, marks and quotes, and axe finds nothing", async () => {
  const { container } = show();
  const log = screen.getByRole("log", { name: "Messages" });
  expect(within(log).getByText("This message was deleted")).toBeTruthy();
  expect(within(log).getByText("(edited)")).toBeTruthy();
  expect(within(log).getByRole("link").getAttribute("rel")).toContain("noopener");
  expect(within(log).getByText("this").tagName).toBe("STRONG");
  const { violations } = await axe.run(container, { rules: { region: { enabled: false } } });
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});

test("what looks like HTML stays words", () => {
  const text = '<img src=x onerror="alert(1)"><script>alert(1)</script>';
  const { container } = show({ items: [{ state: "sent", message: sampleMessage(1, { text }) }] });
  expect(container.querySelector("article img, script")).toBeNull();
  expect(screen.getByText(text)).toBeTruthy();
});

test("a press on a quote leads to the message that was answered", async () => {
  const { source, user } = show();
  await user.click(screen.getByRole("button", { name: /that this answers:\s*Lena Orlova/ }));
  expect(source.asked).toContainEqual(["jumpTo", "m4"]);
  expect(document.activeElement?.closest("[data-message]")?.getAttribute("data-message")).toBe(
    "m4",
  );
});

test("what is quoted shows its words, not the marks around them", () => {
  const reply_to = { id: "m9", display_name: "Noor", text: "come **if you can**", deleted: false };
  const message = sampleMessage(1, { reply_to });
  show({ items: [{ state: "sent", message }] });
  expect(screen.getByText("come if you can")).toBeTruthy();
});

test("Enter sends, Shift+Enter makes a line, and an empty message does not leave", async () => {
  const { source, user } = show();
  await user.type(field(), "{Enter}");
  expect(source.asked).toEqual([]);
  await user.type(field(), "One{Shift>}{Enter}{/Shift}two{Enter}");
  expect(source.asked.filter(([what]) => what === "send")).toEqual([
    ["send", { text: "One\ntwo", replyTo: null, mentions: [], attachments: [] }],
  ]);
  expect(field().value).toBe("");
});

test("a word that is being composed is not sent by the Enter that ends it", async () => {
  const { source } = show();
  field().focus();
  field().dispatchEvent(
    new KeyboardEvent("keydown", { key: "Enter", bubbles: true, isComposing: true }),
  );
  await Promise.resolve();
  expect(source.asked).toEqual([]);
});

test("too many characters are told and not sent", async () => {
  const source = new FakeSource();
  source.kept = { text: "x".repeat(4001), replyTo: null };
  const { user } = show({}, source);
  expect(screen.getByText("1 character too many")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Send" }));
  expect(source.asked).toEqual([]);
});

test("the draft is kept and comes back, with what it answers", async () => {
  const source = new FakeSource();
  const { user, unmount } = show({}, source);
  await user.type(field(), "Not yet");
  unmount();
  expect(source.kept.text).toBe("Not yet");
  show({}, source);
  expect(field().value).toBe("Not yet");
});

test("ArrowUp in an empty field changes one's last message; Escape leaves it as it was", async () => {
  const { source, user } = show({ items: [own(1, "Frist"), own(2, "Second")] });
  await user.type(field(), "{ArrowUp}");
  expect(field().value).toBe("Second");
  await user.keyboard("{Escape}");
  expect(field().value).toBe("");
  await user.keyboard("{ArrowUp}!{Enter}");
  expect(source.asked).toContainEqual(["edit", "m2", "Second!"]);
  await waitFor(() => expect(field().value).toBe(""));
});

test("the keys beside a message come with the focus, and are walked to from message to message", async () => {
  const { user } = show();
  const articles = screen.getAllByRole("article");
  act(() => articles.at(-1)?.focus());
  expect(screen.getByRole("toolbar", { name: "Message" })).toBeTruthy();
  await user.keyboard("{ArrowUp}");
  expect(document.activeElement).toBe(articles.at(-2));
  await user.keyboard("{Home}");
  expect(document.activeElement).toBe(articles[0]);
  await user.keyboard("{Escape}");
  expect(document.activeElement).toBe(field());
});

test("a reply is shown above the field, and goes with the message", async () => {
  const { source, user } = show();
  act(() => screen.getAllByRole("article").at(-1)?.focus());
  await user.click(screen.getByRole("button", { name: "Reply" }));
  expect(screen.getByText("Answering Marta Silva")).toBeTruthy();
  await user.keyboard("Yes{Enter}");
  expect(source.asked.at(-1)?.[1]).toMatchObject({ text: "Yes", replyTo: { id: "m6" } });
});

test("deleting asks first; others' messages may be reported, not changed", async () => {
  const { source, user } = show({ items: [own(1, "Mine")] });
  act(() => screen.getByRole("article").focus());
  await user.click(screen.getByRole("button", { name: "More" }));
  expect(screen.queryByRole("menuitem", { name: "Report…" })).toBeNull();
  await user.click(screen.getByRole("menuitem", { name: "Delete" }));
  expect(source.asked).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Delete" }));
  expect(source.asked).toEqual([["remove", "m1"]]);
});

test("history that did not come is told even while something waits to be sent", () => {
  const pending = {
    client_id: "c1",
    text: "Mine",
    reply_to: null,
    mentions: [],
    attachments: [],
    at: NOW,
  };
  show({ items: [{ state: "sending", pending }], failed: true });
  expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy();
});

test("a report needs a reason", async () => {
  const { source, user } = show({
    items: [{ state: "sent", message: sampleMessage(1, { text: "Rude" }) }],
  });
  act(() => screen.getByRole("article").focus());
  await user.click(screen.getByRole("button", { name: "More" }));
  expect(screen.queryByRole("menuitem", { name: "Edit" })).toBeNull();
  expect(screen.queryByRole("menuitem", { name: "Delete" })).toBeNull();
  await user.click(screen.getByRole("menuitem", { name: "Report…" }));
  const send = screen.getByRole<HTMLButtonElement>("button", { name: "Send the report" });
  expect(send.disabled).toBe(true);
  await user.type(screen.getByRole("textbox", { name: "What is wrong with it?" }), "Insult");
  await user.click(send);
  expect(source.asked).toContainEqual(["report", "m1", "Insult"]);
});

test("a message that did not leave stays, with a way on", async () => {
  const pending = {
    client_id: "c1",
    text: "Lost words",
    reply_to: null,
    mentions: [],
    attachments: [],
    at: NOW,
  };
  const { source, user } = show({ items: [{ state: "failed", pending, error: "No network." }] });
  expect(screen.getByText("No network.")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Send again" }));
  await user.click(screen.getByRole("button", { name: "Discard" }));
  expect(source.asked).toEqual([
    ["retry", "c1"],
    ["discard", "c1"],
  ]);
});

test("one's own reaction is taken back, that of others is joined; names are told", async () => {
  const reactions = [
    { emoji: "👍", count: 2, mine: true, names: ["Lena", "Marta"] },
    { emoji: "🎉", count: 12, mine: false, names: ["Marta"] },
  ];
  const { source, user } = show({
    items: [{ state: "sent", message: sampleMessage(1, { reactions }) }],
  });
  const mine = screen.getByRole("button", { name: "👍 2: Lena, Marta" });
  expect(mine.getAttribute("aria-pressed")).toBe("true");
  await user.click(mine);
  await user.click(screen.getByRole("button", { name: "🎉 12: Marta and 11 more" }));
  expect(source.asked).toEqual([
    ["react", "m1", "👍", false],
    ["react", "m1", "🎉", true],
  ]);
});

test("names are offered after @, chosen by keys, and their ids go along", async () => {
  const source = new FakeSource();
  const people: Mentionable = {
    results: [
      { user_id: "u1", display_name: "Marta Silva", color: 2, avatar_url: null },
      { user_id: "u2", display_name: "Mark Roe", color: 3, avatar_url: null },
    ],
    all: false,
  };
  const asked = vi.fn(() => Promise.resolve(people));
  const { user } = show({}, Object.assign(source, { mentionable: asked }));
  await user.type(field(), "Hi @mar");
  const options = await screen.findAllByRole("option");
  expect(field().getAttribute("aria-activedescendant")).toBe(options[0]?.id);
  await user.keyboard("{ArrowDown}{Enter}");
  expect(field().value).toBe("Hi @Mark Roe ");
  expect(screen.queryByRole("listbox")).toBeNull();
  await user.keyboard("there{Enter}");
  expect(source.asked.at(-1)?.[1]).toMatchObject({
    text: "Hi @Mark Roe there",
    mentions: ["u2"],
  });
});

test("a file is sent ahead, and goes with the message once it has arrived", async () => {
  const source = new FakeSource();
  const attachment = {
    id: "a1",
    name: "plan.pdf",
    content_type: "application/pdf",
    size: 48_000,
    url: "/attachments/a1/plan.pdf",
    preview_url: null,
    width: null,
    height: null,
  };
  let arrive: () => void = () => undefined;
  const upload = () =>
    new Promise<typeof attachment>((resolve) => {
      arrive = () => resolve(attachment);
    });
  const { user } = show({}, Object.assign(source, { upload }));
  await user.click(field());
  await user.paste({
    files: [new File(["x"], "plan.pdf", { type: "application/pdf" })],
    types: ["Files"],
    getData: () => "",
  } as unknown as DataTransfer);
  expect(screen.getByRole("progressbar", { name: "Uploading plan.pdf" })).toBeTruthy();
  await user.keyboard("Here{Enter}");
  expect(source.asked.filter(([what]) => what === "send")).toEqual([]);
  await act(async () => {
    arrive();
    await Promise.resolve();
  });
  await user.keyboard("{Enter}");
  expect(source.asked.at(-1)?.[1]).toMatchObject({ text: "Here", attachments: [attachment] });
  expect(screen.queryByRole("progressbar")).toBeNull();
});

test("what others write is told once, what one writes oneself is not", () => {
  const said: string[] = [];
  const off = onAnnouncement((_urgency, words) => said.push(words));
  vi.useFakeTimers();
  try {
    const { source } = show();
    act(() => source.arrive({ text: "News" }));
    act(() => source.send({ text: "Mine" }));
    act(() => void vi.advanceTimersByTime(10_000));
    expect(said).toEqual(["Marta Silva: News"]);
  } finally {
    vi.useRealTimers();
    off();
  }
});

test("loading, failing and an empty place each say what one can do", async () => {
  const { source, user } = show({ items: [], loading: "first" });
  expect(screen.getByText("Loading messages")).toBeTruthy();
  act(() => source.change({ loading: null, failed: true }));
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(source.asked).toContainEqual(["retryLoad"]);
  act(() => source.change({ failed: false }));
  expect(screen.getByText("Nothing was written yet. Write the first message.")).toBeTruthy();
  act(() => source.change({ connection: "reconnecting", canWrite: false }));
  expect(screen.getByText(/Reconnecting/)).toBeTruthy();
  expect(screen.queryByRole("textbox")).toBeNull();
});
