// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { uploadFile } from "./upload";

class FakeRequest {
  static last: FakeRequest;
  upload: { onprogress?: (event: object) => void } = {};
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  status = 0;
  responseText = "";
  headers: Record<string, string> = {};
  asked: unknown[] = [];
  sent: FormData | null = null;
  constructor() {
    FakeRequest.last = this;
  }
  open(...asked: unknown[]) {
    this.asked = asked;
  }
  setRequestHeader(name: string, value: string) {
    this.headers[name] = value;
  }
  getResponseHeader() {
    return "7";
  }
  send(form: FormData) {
    this.sent = form;
  }
  abort() {
    this.onabort?.();
  }
  answer(status: number, body: unknown) {
    this.status = status;
    this.responseText = JSON.stringify(body);
    this.onload?.();
  }
}

const file = new File(["words"], "notes.txt", { type: "text/plain" });
const onProgress = vi.fn();
const begin = (signal?: AbortSignal) =>
  uploadFile("channels/c1/attachments/", file, onProgress, signal);

beforeEach(() => {
  vi.stubGlobal("XMLHttpRequest", FakeRequest);
  document.cookie = "csrftoken=secret";
  onProgress.mockReset();
});
afterEach(() => vi.unstubAllGlobals());

it("sends the file with the page's credentials, and tells how far it is", async () => {
  const sending = begin();
  const request = FakeRequest.last;
  expect(request.asked).toEqual(["POST", "/api/v1/channels/c1/attachments/"]);
  expect(request.headers["X-CSRFToken"]).toBe("secret");
  expect((request.sent!.get("file") as File).name).toBe("notes.txt");
  request.upload.onprogress?.({ loaded: 1, total: 4, lengthComputable: true });
  request.upload.onprogress?.({ loaded: 2, total: 0, lengthComputable: false });
  expect(onProgress.mock.calls).toEqual([[0.25]]);
  request.answer(201, { id: "a1" });
  expect(await sending).toEqual({ id: "a1" });
});

it("rejects with the server's refusal, also where a proxy spoke", async () => {
  const refused = begin();
  FakeRequest.last.answer(413, { code: "attachment_too_large", status: 413, title: "Too large." });
  await expect(refused).rejects.toMatchObject({ code: "attachment_too_large", retryAfter: 7 });
  const odd = begin();
  FakeRequest.last.answer(0, "?");
  await expect(odd).rejects.toMatchObject({ code: "unavailable" });
});

it("says that no answer came, or that it was taken back", async () => {
  const lost = begin();
  FakeRequest.last.onerror?.();
  await expect(lost).rejects.toMatchObject({ code: "offline" });
  const aborting = new AbortController();
  const taken = begin(aborting.signal);
  aborting.abort();
  await expect(taken).rejects.toMatchObject({ name: "AbortError" });
  await expect(begin(aborting.signal)).rejects.toMatchObject({ name: "AbortError" });
});
