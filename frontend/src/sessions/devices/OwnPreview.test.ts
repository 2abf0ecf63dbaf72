import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { OwnPreview } from "./OwnPreview";

class FakeTrack extends EventTarget {
  stopped = false;
  constructor(readonly kind: "audio" | "video") {
    super();
  }
  stop() {
    this.stopped = true;
  }
}

const getUserMedia = vi.fn();

function stream(...kinds: ("audio" | "video")[]) {
  const tracks = kinds.map((kind) => new FakeTrack(kind));
  return { getTracks: () => tracks, tracks };
}

/** jsdom's DOMException is no Error, browsers' is. */
function refusal(name: string) {
  return Object.assign(new Error("no"), { name });
}

beforeEach(() => {
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia } });
});
afterEach(() => {
  getUserMedia.mockReset();
  vi.unstubAllGlobals();
});

const BOTH = { microphone: {}, camera: {} };

test("microphone and camera are one question", async () => {
  getUserMedia.mockResolvedValue(stream("audio", "video"));
  const preview = new OwnPreview();
  await preview.open(BOTH);
  expect(getUserMedia).toHaveBeenCalledOnce();
  expect(preview.state().microphone.status).toBe("live");
  expect(preview.state().camera.status).toBe("live");
});

test("a camera that is blocked does not take the microphone with it", async () => {
  getUserMedia.mockImplementation(({ video }: { video: unknown }) =>
    video ? Promise.reject(refusal("NotAllowedError")) : Promise.resolve(stream("audio")),
  );
  const preview = new OwnPreview();
  await preview.open(BOTH);
  expect(preview.state().microphone.status).toBe("live");
  expect(preview.state().camera).toMatchObject({ status: "trouble", trouble: "blocked" });
});

test("what is open already is not opened again, what is not wished is closed", async () => {
  const opened = stream("audio", "video");
  getUserMedia.mockResolvedValue(opened);
  const preview = new OwnPreview();
  await preview.open(BOTH);
  await preview.open({ microphone: {}, camera: null });
  expect(getUserMedia).toHaveBeenCalledOnce();
  expect(opened.tracks.map(({ stopped }) => stopped)).toEqual([false, true]);
  expect(preview.state().camera.status).toBe("off");
});

test("a track that comes too late is stopped", async () => {
  const late = stream("video");
  let resolve: ((opened: unknown) => void) | undefined;
  getUserMedia.mockReturnValue(new Promise((done) => (resolve = done)));
  const preview = new OwnPreview();
  const opening = preview.open({ microphone: null, camera: {} });
  preview.close();
  resolve?.(late);
  await opening;
  expect(late.tracks[0]?.stopped).toBe(true);
  expect(preview.state().camera.status).toBe("off");
});

test("after a failure the same wish is tried again only on request", async () => {
  getUserMedia.mockRejectedValue(refusal("NotReadableError"));
  const preview = new OwnPreview();
  const wish = { microphone: null, camera: {} };
  await preview.open(wish);
  await preview.open(wish);
  expect(getUserMedia).toHaveBeenCalledOnce();
  expect(preview.state().camera.trouble).toBe("busy");
  preview.retry();
  getUserMedia.mockResolvedValue(stream("video"));
  await preview.open(wish);
  expect(preview.state().camera.status).toBe("live");
});

test("an unplugged device is missing", async () => {
  const opened = stream("video");
  getUserMedia.mockResolvedValue(opened);
  const preview = new OwnPreview();
  await preview.open({ microphone: null, camera: {} });
  opened.tracks[0]?.dispatchEvent(new Event("ended"));
  expect(preview.state().camera.trouble).toBe("missing");
});
