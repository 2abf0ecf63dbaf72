import { act } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { StreamRelay } from "../../api/streams";
import { mountChannel } from "./mountChannel";

vi.mock("./ChannelPage", () => ({
  ChannelPage: ({ name, topic }: { name: string; topic: string }) => (
    <p>
      {name}: {topic}
    </p>
  ),
}));

test("a channel that is renamed while it is open is called by its new name", async () => {
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
  const place = document.createElement("div");
  Object.assign(place.dataset, { channelId: "general", name: "general", topic: "Everything" });
  document.body.append(place);
  const mounted = await act(() =>
    mountChannel(place, {
      relay: new StreamRelay("chat"),
      go: () => undefined,
      heardUpTo: () => -1,
      isWanted: () => true,
    }),
  );
  expect(place.textContent).toBe("general: Everything");
  Object.assign(place.dataset, { name: "harbour", topic: "Boats" });
  act(() => mounted?.refresh());
  expect(place.textContent).toBe("harbour: Boats");
  act(() => mounted?.unmount());
});
