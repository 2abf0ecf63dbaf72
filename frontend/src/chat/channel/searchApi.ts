/** Searching what was written in the text channels of a space. */
import { apiPath, request } from "../../api/client";
import type { Message } from "../core/types";

export type SearchAsked = {
  words: string;
  channelId: string | null;
  authorId: string | null;
  withFile: boolean;
};

export type Found = {
  message: Message;
  channel: { id: string; name: string };
  /** What stands around the first hit, in parts. */
  excerpt: { text: string; is_hit: boolean }[];
};

export type FoundPage = { results: Found[]; next: string | null };

export function isAsked({ words, authorId, withFile }: SearchAsked): boolean {
  return words.trim() !== "" || authorId !== null || withFile;
}

export function search(
  spaceId: string,
  asked: SearchAsked,
  signal?: AbortSignal,
): Promise<FoundPage> {
  const params = new URLSearchParams({ q: asked.words.trim() });
  if (asked.channelId) params.set("channel", asked.channelId);
  if (asked.authorId) params.set("author", asked.authorId);
  if (asked.withFile) params.set("has", "file");
  return request(`spaces/${encodeURIComponent(spaceId)}/search/?${params}`, { signal });
}

export function searchOn(next: string): Promise<FoundPage> {
  return request(apiPath(next));
}
