"""What a call with many publishers costs one browser and the servers, beside a call with two.

    python3 -m venv /tmp/rtc && /tmp/rtc/bin/pip install livekit==1.2.0
    python -m benchmarks.crowd --rtc /tmp/rtc/bin/python --publishers 50

The publishers are guests: each joins and takes its token through Nonza's API, and sends a small
picture (160 by 90, five a second) and a voice. They come from LiveKit's package for Python, which
Nonza does not depend on, hence an environment of its own. One Chromium looks on. Both measures are
of one run: first two publishers, then all of them.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page, sync_playwright

from tests import parts
from tests.e2e import call_page as call
from tests.e2e.conftest import Nonza, browser_at, running

PUBLISHERS = Path(__file__).with_name("crowd_publishers.py")
SECONDS = 10
SETTLE_SECONDS = 12
FEW = 2
SEEN = """
async () => {
  const seen = { frames: 0, video: 0, audio: 0 };
  for (const connection of window.__connections) {
    if (connection.connectionState === "closed") continue;
    for (const report of (await connection.getStats()).values()) {
      if (report.type !== "inbound-rtp") continue;
      seen.frames += report.framesDecoded ?? 0;
    }
    for (const { receiver, currentDirection } of connection.getTransceivers()) {
      if (currentDirection !== "recvonly") continue;
      seen[receiver.track.kind] += 1;
    }
  }
  seen.tiles = document.querySelectorAll("figure[data-tile]").length;
  seen.pages = document.querySelectorAll(".nz-page-dots button").length || 1;
  return seen;
}
"""
MOST = """
(slug) => fetch(`/api/v1/sessions/${slug}/`, {
  method: "PATCH",
  headers: {
    "Content-Type": "application/json",
    "X-CSRFToken": document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? "",
  },
  body: JSON.stringify({ max_participants: 200 }),
})
"""


def main() -> None:
    """Measure twice, and print both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rtc", required=True, help="a Python that has the package livekit")
    parser.add_argument("--publishers", type=int, default=50)
    parser.add_argument("--pictures", type=Path, help="a folder for pictures of the page")
    options = parser.parse_args()
    children: list[subprocess.Popen[str]] = []
    inside = 0
    with (
        running(Path(tempfile.mkdtemp(prefix="nonza-crowd-"))) as nonza,
        sync_playwright() as driver,
        browser_at(driver, parts.chromium()) as browser,
    ):
        page = browser.new_context(locale="en-GB", permissions=["camera", "microphone"]).new_page()
        slug = call.start_session(page, nonza.address, "Viewer").rstrip("/").rsplit("/", 1)[1]
        page.evaluate(MOST, slug)
        call.join(page)
        tell(
            "publishers", "fps each", "main thread", "videos", "voices", "tiles", "web", "LiveKit", "senders"
        )
        try:
            for first, count in ((0, FEW), (FEW, options.publishers - FEW)):
                child, come = let_in(options.rtc, nonza.address, slug, first, count)
                children.append(child)
                inside += come
                report(page, nonza, children, inside)
            if options.pictures:
                take_pictures(page, options.pictures)
        finally:
            for child in children:
                child.kill()
                child.wait()


def let_in(rtc: str, address: str, slug: str, first: int, count: int) -> tuple[subprocess.Popen[str], int]:
    """Start publishers, and wait until each has said whether it came in; return how many did."""
    words = [rtc, str(PUBLISHERS), address, slug, str(first), str(count)]
    child = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    started, answers = time.monotonic(), list[str]()
    for line in child.stdout or ():
        answers.append(line.split()[0])
        if len(answers) == count:
            break
    come = answers.count("in")
    sys.stderr.write(f"{come} of {count} came in within {time.monotonic() - started:.0f} s\n")
    return child, come


def report(page: Page, nonza: Nonza, senders: list[subprocess.Popen[str]], count: int) -> None:
    """Measure for a while, and print one line."""
    page.wait_for_timeout(SETTLE_SECONDS * 1000)
    watch = page.context.new_cdp_session(page)
    watch.send("Performance.enable")
    before, seen, at = usage(watch, nonza, senders), page.evaluate(SEEN), time.monotonic()
    page.wait_for_timeout(SECONDS * 1000)
    after, now, took = usage(watch, nonza, senders), page.evaluate(SEEN), time.monotonic() - at
    load = {name: 100 * (after[name] - before[name]) / took for name in after}
    rate = (now["frames"] - seen["frames"]) / took / max(1, now["video"])
    tell(
        count,
        f"{rate:.1f}",
        f"{load['main']:.0f} %",
        f"{now['video']}/{count}",
        f"{now['audio']}/{count}",
        now["tiles"],
        f"{load['web']:.0f} %",
        f"{load['livekit']:.0f} %",
        f"{load['senders']:.0f} %",
    )


def usage(watch: CDPSession, nonza: Nonza, senders: list[subprocess.Popen[str]]) -> dict[str, float]:
    """Seconds of processor that the page's main thread and the servers have taken so far."""
    metrics: dict[str, Any] = {
        one["name"]: one["value"] for one in watch.send("Performance.getMetrics")["metrics"]
    }
    web = nonza.address.rsplit(":", 1)[1]
    listed = subprocess.run(["ps", "-eo", "times=,args="], capture_output=True, text=True, check=True).stdout
    children = dict.fromkeys(("web", "livekit"), 0.0)
    for line in listed.splitlines():
        seconds, arguments = line.split(None, 1)
        if f"--port {web} " in arguments and "daphne" in arguments:
            children["web"] += float(seconds)
        elif "nonza-crowd-" in arguments and arguments.endswith("livekit.yaml"):
            children["livekit"] += float(seconds)
    sent = sum(seconds_of(sender.pid) for sender in senders)
    return {"main": float(metrics["TaskDuration"]), **children, "senders": sent}


def seconds_of(pid: int) -> float:
    listed = subprocess.run(
        ["ps", "-o", "times=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return float(listed.stdout.strip() or 0)


def take_pictures(page: Page, folder: Path) -> None:
    """What a person sees of it."""
    for name, width, height, scheme in (
        ("desktop-light", 1440, 900, "light"),
        ("desktop-dark", 1440, 900, "dark"),
        ("phone-light", 390, 844, "light"),
    ):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(2_000)
        page.screenshot(path=folder / f"crowd-{name}.png")
        page.keyboard.press("p")
        page.wait_for_timeout(1_000)
        page.screenshot(path=folder / f"crowd-{name}-people.png")
        page.keyboard.press("Escape")


def tell(*cells: object) -> None:
    sys.stdout.write("".join(f"{cell!s:>12}" for cell in cells) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
