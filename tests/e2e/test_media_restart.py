"""A media server that dies and comes back: everybody is back in the call without a reload."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from nonza.run.media.config import MediaPorts, livekit_yaml
from nonza.run.ports import free_port
from tests import parts
from tests.e2e import call_page as call
from tests.e2e.conftest import Nonza, Someone, running

pytestmark = pytest.mark.e2e

KEY, SECRET = "nonza-restart", "r" * 40


class MediaServer:
    """A LiveKit that the operator runs, and can kill."""

    def __init__(self, folder: Path, web_port: int) -> None:
        ports = MediaPorts(http=free_port(), tcp=free_port(), udp=free_port())
        self.address = f"http://127.0.0.1:{ports.http}"
        self._configuration = folder / "livekit.yaml"
        self._configuration.write_text(
            livekit_yaml(ports, key=KEY, secret=SECRET, web=f"http://127.0.0.1:{web_port}")
        )
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            [parts.livekit(), "--config", self._configuration],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture
def media(tmp_path: Path) -> Iterator[tuple[MediaServer, Nonza]]:
    parts.chromium()
    web_port = free_port()
    server = MediaServer(tmp_path, web_port)
    own = {
        "NONZA_LIVEKIT_URL": server.address,
        "NONZA_LIVEKIT_API_KEY": KEY,
        "NONZA_LIVEKIT_API_SECRET": SECRET,
    }
    with running(tmp_path / "state", web_port, **own) as nonza:
        yield server, nonza
    server.kill()


def test_call_comes_back_without_a_reload(
    media: tuple[MediaServer, Nonza], someone: Callable[..., Someone]
) -> None:
    server, nonza = media
    marta, dana, olga = someone().page, someone().page, someone().page
    link = call.start_session(marta, nonza.address, "Marta")
    call.join(marta)
    call.open_link(dana, link)
    call.join(dana, "Dana")
    for page in (marta, dana):
        call.sees_moving_picture(page)
        page.evaluate("() => { window.__notReloaded = true; }")
    dana.get_by_role("button", name="Mute the microphone").click()
    call.open_link(olga, link)
    call.join(olga, "Olga")
    expect(marta.get_by_role("button", name="People, 3")).to_be_visible()

    server.kill()
    olga.close()  # nobody is told that she is gone
    for page in (marta, dana):
        expect(
            page.get_by_text("Calls are not available now").or_(page.get_by_text("Reconnecting…")).first
        ).to_be_visible()
    server.start()

    for page, other in ((marta, "Dana"), (dana, "Marta")):
        page.wait_for_function(
            "() => window.__connections.some((c) => c.connectionState === 'connected')", timeout=60_000
        )
        expect(call.tile(page, other)).to_have_count(1, timeout=60_000)
        call.sees_moving_picture(page)
        assert page.evaluate("() => window.__notReloaded")
    expect(call.tile(marta, "microphone off Dana")).to_be_visible()
    # No ghost, and nobody counted twice.
    expect(marta.get_by_role("button", name="People, 2")).to_be_visible(timeout=30_000)
    expect(call.tile(marta, "Olga")).to_have_count(0)
