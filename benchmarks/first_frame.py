"""From the click on Join to the first remote frame, beside a bare livekit-client page.

    python -m benchmarks.first_frame            # 12 rounds of each, one after the other
    python -m benchmarks.first_frame --rounds 20

Both pages run in the same Chromium against the same servers, and take turns. In the call waits one
person whose camera is on. Nonza's way: from the click at its gate, with a seat and a token asked for,
to the first frame on the stage. The bare page's way: from its click, with the token already in hand,
`connect` with everything subscribed, to the first frame in a plain element. Both open a camera and a
microphone on the way in, as people do.
"""

import argparse
import contextlib
import statistics
import sys
import tempfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as NothingCame

from tests import parts
from tests.e2e import call_page as call
from tests.e2e.conftest import browser_at, running

CLIENT = (
    Path(__file__).resolve().parents[1] / "frontend/node_modules/livekit-client/dist/livekit-client.umd.js"
)
BARE = """<!doctype html><title>bare</title><button>Join</button><script src="/livekit-client.js"></script>
<script>
document.querySelector("button").onclick = async () => {
  const room = new LivekitClient.Room({ adaptiveStream: true, dynacast: true });
  room.on("trackSubscribed", (track) => {
    const element = document.createElement(track.kind);
    Object.assign(element, { autoplay: true, playsInline: true, width: 640, height: 360 });
    document.body.prepend(element);
    track.attach(element);
  });
  await room.connect(window.__grant.url, window.__grant.token);
  room.localParticipant.enableCameraAndMicrophone();
};
</script>"""
# What both pages are watched with: remote tracks, sockets to LiveKit, and the first frame shown.
WATCH = """
const marks = (window.__marks = { sockets: 0 });
const mark = (name) => { marks[name] ??= performance.now(); };
addEventListener("click", (event) => {
  if (event.target.closest("button")?.textContent.trim().startsWith("Join")) mark("click");
}, true);
const remote = new Set();
const Peer = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Peer {
  constructor(...options) {
    super(...options);
    this.addEventListener("track", ({ track }) => {
      remote.add(track.id);
      if (track.kind === "video") mark("track");
    });
    this.addEventListener("connectionstatechange", () => {
      if (this.connectionState === "connected") mark("peer");
    });
  }
};
const Socket = window.WebSocket;
window.WebSocket = class extends Socket {
  constructor(url, ...rest) {
    super(url, ...rest);
    if (!String(url).includes("/rtc")) return;
    marks.sockets += 1;
    mark("dial");
    this.addEventListener("open", () => mark("signal"));
  }
};
const watched = new WeakSet();
const look = () => {
  for (const video of document.querySelectorAll("video")) {
    const track = video.srcObject?.getVideoTracks()[0];
    if (!track || watched.has(track) || !remote.has(track.id)) continue;
    watched.add(track);
    mark("element");
    video.requestVideoFrameCallback(() => mark("frame"));
  }
};
const set = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "srcObject");
Object.defineProperty(HTMLMediaElement.prototype, "srcObject", {
  ...set,
  set(stream) { set.set.call(this, stream); setTimeout(look); },
});
new MutationObserver(look).observe(document, { subtree: true, childList: true });
window.__steps = () => {
  for (const entry of performance.getEntriesByType("resource")) {
    const [, step] = entry.name.match(/\\/(join|token)\\/$/) ?? [];
    if (!step || entry.startTime < marks.click) continue;
    if (step === "token") marks.ask ??= entry.startTime;
    marks[step] ??= entry.responseEnd;
  }
  return Object.fromEntries(Object.entries(marks).map(([name, at]) =>
    [name, name === "sockets" ? at : Math.round(at - marks.click)]));
};
"""
GRANT = """
async ([slug, name]) => {
  const csrf = document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? "";
  const post = async (path, body) => (await fetch(`/api/v1/sessions/${slug}/${path}/`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify(body),
  })).json();
  await post("join", { display_name: name });
  return post("token", {});
}
"""
# Who has left holds a seat for a minute.
ROOM_FOR_ALL = """
(slug) => fetch(`/api/v1/sessions/${slug}/`, {
  method: "PATCH",
  headers: {
    "Content-Type": "application/json",
    "X-CSRFToken": document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? "",
  },
  body: JSON.stringify({ max_participants: 200 }),
})
"""
STEPS = ("join", "ask", "token", "dial", "signal", "peer", "track", "element", "frame")


def main() -> None:
    """Measure, and print both medians, the ratio, and where the time goes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=12)
    rounds = parser.parse_args().rounds
    state = Path(tempfile.mkdtemp(prefix="nonza-first-frame-"))
    with (
        running(state) as nonza,
        bare_page() as bare_address,
        sync_playwright() as driver,
        browser_at(driver, parts.chromium()) as sender,
        browser_at(driver, parts.chromium()) as browser,
    ):
        dana = sender.new_context(locale="en-GB", permissions=["camera", "microphone"]).new_page()
        link = call.start_session(dana, nonza.address, "Dana")
        dana.evaluate(ROOM_FOR_ALL, link.rstrip("/").rsplit("/", 1)[1])
        call.join(dana)
        measured: dict[str, list[dict[str, Any]]] = {"bare": [], "nonza": []}
        for number in range(rounds + 1):
            steps = {
                "bare": bare(browser, link, bare_address, number),
                "nonza": through_the_gate(browser, link, number),
            }
            for name, found in steps.items():
                if number > 0:  # the first round only warms everything up
                    measured[name].append(found)
        report(measured)


@contextlib.contextmanager
def bare_page() -> Iterator[str]:
    """Serve the bare page; a page that is only played in is not allowed to reach a local address."""

    class Files(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            script = self.path.endswith(".js")
            body = CLIENT.read_bytes() if script else BARE.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript" if script else "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def through_the_gate(browser: Browser, link: str, number: int) -> dict[str, Any]:
    """Join as a person does; return when each step was reached, in milliseconds after the click."""
    page = new_page(browser)
    page.goto(link)
    page.get_by_label("Your name").fill(f"Guest {number}")
    page.wait_for_timeout(2_000)  # a person looks at the gate; meanwhile the call is fetched
    page.get_by_role("button", name="Join", exact=True).click()
    return first_frame(page)


def bare(browser: Browser, link: str, bare_address: str, number: int) -> dict[str, Any]:
    """Join with nothing but the client, the token being there already."""
    page = new_page(browser)
    page.goto(link)  # for its cookies
    grant = page.evaluate(GRANT, [link.rstrip("/").rsplit("/", 1)[1], f"Bare {number}"])
    page.goto(bare_address)
    page.evaluate("(grant) => { window.__grant = grant; }", grant)
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Join").click()
    return first_frame(page)


def new_page(browser: Browser) -> Page:
    page = browser.new_context(locale="en-GB", permissions=["camera", "microphone"]).new_page()
    page.add_init_script(WATCH)
    return page


def first_frame(page: Page) -> dict[str, Any]:
    try:
        page.wait_for_function("() => window.__marks.frame", timeout=30_000, polling=50)
    except NothingCame:
        sys.stderr.write(f"no frame at {page.url}: {page.evaluate('() => window.__steps()')}\n")
        raise
    page.wait_for_timeout(1_500)  # a second entry would come by now
    steps = dict(page.evaluate("() => window.__steps()"))
    page.evaluate("() => window.dispatchEvent(new Event('pagehide'))")  # leaves LiveKit at once
    page.context.close()
    return steps


def report(measured: dict[str, list[dict[str, Any]]]) -> None:
    """Print medians of every step; a socket count other than 1 is a fault."""
    write = sys.stdout.write
    write(f"{'':8}{''.join(f'{name:>9}' for name in STEPS)}   (ms after the click, medians)\n")
    for name, rounds in measured.items():
        cells = [[found[step] for found in rounds if step in found] for step in STEPS]
        shown = "".join(f"{statistics.median(cell):9.0f}" if cell else f"{'':9}" for cell in cells)
        write(f"{name:8}{shown}\n")
    frames = {name: [found["frame"] for found in rounds] for name, rounds in measured.items()}
    medians = {name: statistics.median(times) for name, times in frames.items()}
    for name, times in frames.items():
        sockets = sorted({found["sockets"] for found in measured[name]})
        write(f"{name}: median {medians[name]:.0f} ms of {len(times)} ({min(times)} to {max(times)}),")
        write(f" sockets to LiveKit per join: {sockets}\n")
    write(f"ratio: {medians['nonza'] / medians['bare']:.2f}\n")


if __name__ == "__main__":
    main()
