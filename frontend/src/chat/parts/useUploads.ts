/** The files that go with the next message: they are sent ahead, and can be taken off again. */
import { useCallback, useEffect, useRef, useState } from "react";

import { t } from "../../i18n/translate";
import { showToast } from "../../ui/toasts";
import type { Attachment, ChatSource } from "../core/types";
import { problemWords } from "./problemWords";

export const MOST_FILES = 10;

export type Upload = {
  key: number;
  file: File;
  /** For a picture, from the file itself. */
  previewUrl: string | null;
  /** 0 to 1. */
  share: number;
  state: "sending" | "done" | "failed";
  attachment?: Attachment;
  error?: string;
};

export type Uploads = {
  list: readonly Upload[];
  add: (files: readonly File[]) => void;
  remove: (key: number) => void;
  retry: (key: number) => void;
  /** They have gone with a message. */
  clear: () => void;
};

let lastKey = 0;

export function useUploads(source: ChatSource): Uploads {
  const [list, setList] = useState<readonly Upload[]>([]);
  const stops = useRef(new Map<number, AbortController>());
  const urls = useRef(new Map<number, string>());

  const change = useCallback((key: number, next: Partial<Upload>) => {
    setList((all) => all.map((one) => (one.key === key ? { ...one, ...next } : one)));
  }, []);

  const forget = useCallback((key: number) => {
    stops.current.get(key)?.abort();
    stops.current.delete(key);
    const url = urls.current.get(key);
    if (url) URL.revokeObjectURL(url);
    urls.current.delete(key);
  }, []);

  const begin = useCallback(
    async (key: number, file: File) => {
      const stop = new AbortController();
      stops.current.set(key, stop);
      try {
        const attachment = await source.upload?.(
          file,
          (share) => change(key, { share }),
          stop.signal,
        );
        if (attachment) change(key, { state: "done", share: 1, attachment });
      } catch (error) {
        if (!stop.signal.aborted) change(key, { state: "failed", error: problemWords(error) });
      }
    },
    [source, change],
  );

  const add = useCallback(
    (files: readonly File[]) => {
      const room = MOST_FILES - list.length;
      if (files.length > room) {
        showToast({ key: "files", words: t("conversation.too_many_files", { count: MOST_FILES }) });
      }
      const added = files.slice(0, Math.max(0, room)).map((file): Upload => {
        const key = ++lastKey;
        const previewUrl = file.type.startsWith("image/") ? URL.createObjectURL(file) : null;
        if (previewUrl) urls.current.set(key, previewUrl);
        return { key, file, previewUrl, share: 0, state: "sending" };
      });
      setList((all) => [...all, ...added]);
      for (const { key, file } of added) void begin(key, file);
    },
    [list.length, begin],
  );

  const remove = useCallback(
    (key: number) => {
      forget(key);
      setList((all) => all.filter((one) => one.key !== key));
    },
    [forget],
  );

  const retry = useCallback(
    (key: number) => {
      const failed = list.find((one) => one.key === key);
      if (!failed) return;
      change(key, { state: "sending", share: 0, error: undefined });
      void begin(key, failed.file);
    },
    [list, change, begin],
  );

  const clear = useCallback(() => {
    for (const key of [...urls.current.keys()]) forget(key);
    stops.current.clear();
    setList([]);
  }, [forget]);

  useEffect(() => {
    const known = stops.current;
    return () => {
      for (const key of [...known.keys()]) forget(key);
    };
  }, [forget]);

  return { list, add, remove, retry, clear };
}
