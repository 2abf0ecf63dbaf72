import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { StreamRelay } from "../api/streams";
import * as alerts from "../chat/core/mentionAlerts";
import { setTitleCount } from "../chat/core/titleBadge";
import { alertOfNews, countMentionsAlong } from "./mentions";

beforeEach(() => {
  document.title = "General";
  document.body.innerHTML = `
    <aside id="sidebar"><i data-mentions>2</i><i data-mentions hidden></i><i data-mentions>1</i></aside>
    <main><i data-mentions>2</i></main>`;
});
afterEach(() => setTitleCount("mentions", 0));

test("the title counts the mentions of the sidebar, whatever changes them", async () => {
  const relay = new StreamRelay("chat");
  countMentionsAlong(relay);
  expect(document.title).toBe("(3) General");
  document.querySelector("[data-mentions]")!.textContent = "";
  relay.passing({ event: "channel.read", payload: {} });
  await vi.waitFor(() => expect(document.title).toBe("(1) General"));
});

test("a mention goes to the browser, and leads to the message", () => {
  const alertOf = vi.spyOn(alerts, "alertOf").mockReturnValue();
  const go = vi.fn();
  const content = {
    display_name: "Marta",
    channel_name: "general",
    channel_id: "c1",
    message_id: "m1",
    text: "Look",
  };
  alertOfNews({ id: "1", kind: "call.started", space_id: "s1", content }, go);
  expect(alertOf).not.toHaveBeenCalled();
  alertOfNews({ id: "2", kind: "message.mentioned", space_id: "s1", content }, go);
  const [alert] = alertOf.mock.lastCall!;
  expect(alert).toMatchObject({
    title: "Marta mentioned you in general",
    body: "Look",
    tag: "mention c1",
  });
  alert.onPress?.();
  expect(go).toHaveBeenCalledWith("/channels/c1/?message=m1");
});
