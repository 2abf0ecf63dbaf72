"""A network that is really gone for a while: the call says so, and is whole again without a reload."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from nonza.run.media.config import MediaPorts, livekit_yaml
from nonza.run.ports import free_port
from tests import parts
from tests.e2e import call_page as call
from tests.e2e.conftest import Nonza, browser_at, running
from tests.e2e.network import FarAway, far_away

pytestmark = pytest.mark.e2e

KEY, SECRET = "nonza-network", "n" * 40
NOTICED_WITHIN = 5.0
# So long a person waits at most once the network is there again; docs/guarantees.md has the usual figures.
BACK_WITHIN = 30.0
# Watches all the time: when a notice showed, and whether anybody ever stood on the stage twice.
WATCH = """
() => {
  const seen = { notice: null, twice: [], reloaded: false };
  const look = () => {
    const names = [...document.querySelectorAll("figure[data-tile^=camera] figcaption bdi")]
      .map((element) => element.textContent);
    if (new Set(names).size < names.length) seen.twice.push(names.join());
    const strip = document.querySelector(".nz-call-strips")?.textContent ?? "";
    if (/Reconnecting|offline/.test(strip)) seen.notice ??= Date.now();
  };
  new MutationObserver(look).observe(document.body,
    { subtree: true, childList: true, characterData: true });
  setInterval(look, 100);
  window.__seen = seen;
}
"""
MY_PLACE = """
async (slug) => {
  const session = await (await fetch(`/api/v1/sessions/${slug}/`)).json();
  const people = await (await fetch(`/api/v1/sessions/${slug}/participants/`)).json();
  const inCall = people.results.filter((person) => person.in_call).length;
  return { id: session.me.id, role: session.me.role, state: session.me.state, inCall };
}
"""


@dataclass
class Call:
    """Marta behind the router, Dana on this machine."""

    far: FarAway
    marta: Page
    dana: Page
    slug: str


@pytest.fixture(scope="module")
def far() -> Iterator[FarAway]:
    parts.namespaces()
    parts.chromium()
    with far_away() as network:
        yield network


@pytest.fixture(scope="module")
def nonza(far: FarAway, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nonza]:
    """Nonza and LiveKit, reached at the address that the router leads to."""
    folder = tmp_path_factory.mktemp("network")
    ports, web = MediaPorts(http=free_port(), tcp=free_port(), udp=free_port()), free_port()
    address = f"http://{far.here}:{web}"
    configuration = folder / "livekit.yaml"
    text = livekit_yaml(ports, key=KEY, secret=SECRET, web=address)
    configuration.write_text(text.replace("127.0.0.1", far.here))
    own = {
        "NONZA_LIVEKIT_URL": f"http://{far.here}:{ports.http}",
        "NONZA_LIVEKIT_PUBLIC_URL": f"ws://{far.here}:{ports.http}",
        "NONZA_LIVEKIT_API_KEY": KEY,
        "NONZA_LIVEKIT_API_SECRET": SECRET,
    }
    media = subprocess.Popen(
        [parts.livekit(), "--config", configuration], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        with running(folder / "state", web, far.here, **own) as server:
            yield server
    finally:
        media.kill()
        media.wait()


@pytest.fixture
def browsers(
    driver: Playwright, far: FarAway, nonza: Nonza, tmp_path: Path
) -> Iterator[tuple[Browser, Browser]]:
    # Browsers give a camera only to safe origins; this one is not on localhost.
    safe = f"--unsafely-treat-insecure-origin-as-secure={nonza.address}"
    behind = far.wrap(parts.chromium(), tmp_path)
    with browser_at(driver, behind, safe) as marta, browser_at(driver, parts.chromium(), safe) as dana:
        yield marta, dana


@pytest.fixture
def in_call(far: FarAway, nonza: Nonza, browsers: tuple[Browser, Browser]) -> Iterator[Call]:
    marta, dana = (
        browser.new_context(locale="en-GB", permissions=["camera", "microphone"]).new_page()
        for browser in browsers
    )
    link = call.start_session(marta, nonza.address, "Marta")
    call.join(marta)
    call.open_link(dana, link)
    call.join(dana, "Dana")
    for page in (marta, dana):
        call.sees_moving_picture(page)
        page.evaluate(WATCH)
    yield Call(far, marta, dana, link.rstrip("/").rsplit("/", 1)[1])
    far.plug_uplink()
    far.plug_cable()


@pytest.mark.parametrize(
    ("seconds", "cable"),
    [
        pytest.param(3, False, id="3s"),
        pytest.param(15, False, id="15s"),
        pytest.param(15, True, id="15s-own-cable"),
        pytest.param(60, False, id="60s", marks=pytest.mark.soak),
        pytest.param(60, True, id="60s-own-cable", marks=pytest.mark.soak),
        pytest.param(180, False, id="180s", marks=pytest.mark.soak),
    ],
)
def test_call_comes_back_after_the_network_was_gone(in_call: Call, seconds: int, cable: bool) -> None:
    marta, dana, far = in_call.marta, in_call.dana, in_call.far
    before = marta.evaluate(MY_PLACE, in_call.slug)
    assert before["role"] == "host"

    cut = time.time()
    (far.pull_cable if cable else far.pull_uplink)()
    dana.get_by_role("button", name="Mute the microphone").click()
    marta.get_by_role("button", name="Turn the camera off").click()
    marta.get_by_role("button", name="Mute the microphone").click()
    dana.wait_for_timeout(max(0.0, seconds - (time.time() - cut)) * 1000)
    (far.plug_cable if cable else far.plug_uplink)()
    plugged = time.time()

    for page, other in ((marta, "Dana"), (dana, "Marta")):
        expect(call.tile(page, f"microphone off {other}")).to_be_visible(timeout=BACK_WITHIN * 1000)
    expect(marta.locator(".nz-call-strips")).to_have_count(0, timeout=BACK_WITHIN * 1000)
    call.sees_moving_picture(marta)
    back = time.time()

    noticed = marta.evaluate("() => window.__seen.notice")
    noticed_after = None if noticed is None else noticed / 1000 - cut
    sys.stdout.write(f"\n{seconds} s: noticed after {noticed_after} s, back after {back - plugged:.1f} s\n")
    if seconds > NOTICED_WITHIN:
        assert noticed_after is not None
        assert noticed_after <= NOTICED_WITHIN
    for page in (marta, dana):  # a reload would have lost what was seen
        assert page.evaluate("() => window.__seen.twice") == []
        expect(page.get_by_role("button", name=re.compile("^People, 2"))).to_be_visible()
    assert marta.evaluate(MY_PLACE, in_call.slug) == {**before, "inCall": 2}
    expect(marta.get_by_role("button", name="Turn the camera on")).to_be_visible()
    marta.get_by_role("button", name="Turn the camera on").click()
    marta.get_by_role("button", name="Turn the microphone on").click()
    expect(call.tile(dana, "microphone off Marta")).to_have_count(0)
    call.sees_moving_picture(dana)
