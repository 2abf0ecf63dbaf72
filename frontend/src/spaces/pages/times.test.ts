import { expect, it } from "vitest";

import { tellTimes } from "./times";

function told(attributes: string, now: string): string {
  document.documentElement.lang = "en";
  document.body.innerHTML = `<time data-when ${attributes}>from the server</time>`;
  tellTimes(document, new Date(now).getTime());
  return document.body.textContent;
}

it("tells recent moments by how long ago they were", () => {
  const moment = 'datetime="2026-11-21T12:00:00Z" data-near="true"';
  expect(told(moment, "2026-11-21T14:30:00Z")).toBe("2 hours ago");
  expect(told(moment, "2026-11-21T11:45:00Z")).toBe("in 15 minutes");
  expect(told(moment, "2026-11-21T12:00:00Z")).toBe("now");
});

it("tells others by their date, and leaves what it cannot read", () => {
  expect(told('datetime="2026-03-05T12:00:00Z" data-near="false"', "2026-11-21T12:00:00Z")).toBe(
    "Mar 5, 2026",
  );
  expect(told('datetime="nonsense"', "2026-11-21T12:00:00Z")).toBe("from the server");
});
