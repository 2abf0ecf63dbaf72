"""The pages of a call as a person sees them: what they press, and what they see and hear."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

# Reads what the browser's own statistics say of everything received.
RECEIVED = """
async () => {
  const seen = { frames: 0, width: 0, height: 0, audio: 0, packets: 0, tracks: 0 };
  for (const connection of window.__connections) {
    if (connection.connectionState === "closed") continue;
    for (const report of (await connection.getStats()).values()) {
      if (report.type !== "inbound-rtp") continue;
      if (report.kind === "video") {
        seen.tracks += 1;
        seen.frames += report.framesDecoded ?? 0;
        seen.width = Math.max(seen.width, report.frameWidth ?? 0);
        seen.height = Math.max(seen.height, report.frameHeight ?? 0);
      } else {
        seen.packets += report.packetsReceived ?? 0;
        seen.audio = Math.max(seen.audio, report.audioLevel ?? 0);
      }
    }
  }
  return seen;
}
"""
# The page's connections are its own; a test sees them only if it looks at the constructor.
WATCH_CONNECTIONS = """
window.__connections = [];
const Original = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Original {
  constructor(...options) { super(...options); window.__connections.push(this); }
};
"""

ASK_UNTIL_TRUE = """
async ([given, patience]) => {
  const over = performance.now() + patience;
  while (performance.now() < over) {
    if (await (QUESTION)(given)) return true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return false;
}
"""


def start_session(page: Page, address: str, name: str) -> str:
    """From the front page to the gate of a new session; return its link."""
    page.add_init_script(WATCH_CONNECTIONS)
    page.goto(f"{address}/")
    page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Start a session").click()
    page.wait_for_url(re.compile(r"/session/[a-z0-9-]+/$"))
    return page.url


def open_link(page: Page, link: str) -> None:
    page.add_init_script(WATCH_CONNECTIONS)
    page.goto(link)


def join(page: Page, name: str | None = None) -> None:
    """Through the gate into the call."""
    field = page.get_by_label("Your name")
    expect(field).to_be_visible()
    if name is not None:
        field.fill(name)
    page.get_by_role("button", name="Join", exact=True).click()
    expect(leave_key(page)).to_be_visible()


def leave_key(page: Page) -> Locator:
    return page.get_by_role("toolbar").get_by_role("button", name=re.compile("^Leave"))


def tile(page: Page, name: str) -> Locator:
    """The tile of a person, by the name on its plate."""
    return page.get_by_role("region", name="Participants").get_by_role("figure", name=name)


def received(page: Page) -> dict[str, Any]:
    return dict(page.evaluate(RECEIVED))


def wait_until(page: Page, condition: str, **arguments: Any) -> None:
    """Wait until what is received (`seen`) fulfils the condition, a JavaScript expression."""
    until_true(
        page, f"async (given) => {{ const seen = await ({RECEIVED})(); return {condition}; }}", arguments
    )


def until_true(page: Page, question: str, given: Any, seconds: float = 20) -> None:
    """Ask in the page until the answer is true.

    Playwright's own `wait_for_function` takes the promise of an asynchronous question for a yes.
    """
    asked = page.evaluate(ASK_UNTIL_TRUE.replace("QUESTION", question), [given, seconds * 1000])
    assert asked, f"not within {seconds} s: {question[-300:]}"


def sees_moving_picture(page: Page) -> None:
    """Frames go on being decoded, in a size that a camera has."""
    wait_until(page, "seen.frames > 5 && seen.width >= 320 && seen.height >= 180")
    before = received(page)["frames"]
    wait_until(page, "seen.frames > given.before + 5", before=before)


def hears_sound(page: Page) -> None:
    """Sound arrives that is louder than nothing."""
    wait_until(page, "seen.audio > 0.001 && seen.packets > 20")
