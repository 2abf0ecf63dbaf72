/** What is unread in text channels: bolder names, and how many messages name oneself. */

import { withData } from "./withData";

export type ChannelRead = {
  space_id: string;
  channel_id: string;
  /** Everything up to here has been read. */
  offset: number;
  /** Further on there are still so many. */
  mentions: number;
};

/** The last message of each channel, as far as the page has heard of it. */
const lastHeard = new Map<string, number>();

/** Somebody has written. `looking`: one sees it where it stands. */
export function noteMessage(
  message: { channel_id: string; offset: number },
  { mentioned, looking }: { mentioned: boolean; looking: boolean },
): void {
  const { channel_id: channelId, offset } = message;
  lastHeard.set(channelId, Math.max(offset, lastHeard.get(channelId) ?? 0));
  if (looking) return;
  for (const row of rowsOf(channelId)) {
    row.dataset.unread = "";
    if (mentioned) showMentions(row, mentionsOf(row) + 1);
  }
}

/** One has read, here or in another tab. */
export function noteRead({ channel_id: channelId, offset, mentions }: ChannelRead): void {
  const isRead = offset >= (lastHeard.get(channelId) ?? 0);
  for (const row of rowsOf(channelId)) {
    if (isRead) delete row.dataset.unread;
    showMentions(row, mentions);
  }
}

/** Mentions in the channels of the space that is open. */
export function mentionsHere(): number {
  const signs = document.querySelectorAll("#sidebar [data-mentions]");
  return [...signs].reduce((sum, sign) => sum + (Number.parseInt(sign.textContent, 10) || 0), 0);
}

function rowsOf(channelId: string): HTMLElement[] {
  const rows = document.querySelectorAll<HTMLElement>(withData("channel", channelId));
  return [...rows].filter((row) => row.querySelector("[data-mentions]"));
}

function mentionsOf(row: HTMLElement): number {
  return Number.parseInt(row.querySelector("[data-mentions]")?.textContent ?? "", 10) || 0;
}

function showMentions(row: HTMLElement, count: number): void {
  const sign = row.querySelector<HTMLElement>("[data-mentions]");
  if (!sign) return;
  sign.textContent = count > 0 ? `${count}` : "";
  sign.hidden = count === 0;
}
