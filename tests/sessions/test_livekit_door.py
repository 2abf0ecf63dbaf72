"""The door to LiveKit: against its real server, and against one that misbehaves at the wire."""

import contextlib
import socket
import socketserver
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from livekit import api

from nonza.run.media.config import MediaPorts, livekit_yaml
from nonza.run.ports import free_port
from sessions import livekit
from sessions.errors import LiveKitUnavailable
from tests import parts
from tests.environment import SECRET
from tests.helpers import Person, code_of

KEY = "nonza-tests"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real LiveKit server's address."""
    program = parts.livekit()
    ports = MediaPorts(http=free_port(), tcp=free_port(), udp=free_port())
    configuration: Path = tmp_path_factory.mktemp("livekit") / "livekit.yaml"
    configuration.write_text(livekit_yaml(ports, key=KEY, secret=SECRET, web="http://127.0.0.1:1"))
    process = subprocess.Popen(
        [program, "--config", configuration], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{ports.http}"
    _wait_for(lambda: httpx.get(address, trust_env=False).status_code == 200)
    yield address
    process.kill()
    process.wait()


def _wait_for(answers: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if answers():
                return
        except httpx.HTTPError:
            time.sleep(0.05)
    pytest.fail("LiveKit did not start")


@pytest.mark.integration
def test_room_is_made_listed_and_closed(server: str, settings: object) -> None:
    settings.LIVEKIT_URL = server  # type: ignore[attr-defined]
    room = uuid4()
    livekit.make_room(room)
    livekit.make_room(room)
    assert room in livekit.rooms()
    assert livekit.people(room) == []
    livekit.remove(room=room, identity="nobody")
    livekit.close_room(room)
    livekit.close_room(room)
    assert room not in livekit.rooms()
    assert livekit.people(room) == []


@pytest.mark.integration
def test_room_of_somebody_else_on_the_same_server_is_not_ours(server: str, settings: object) -> None:
    settings.LIVEKIT_URL = server  # type: ignore[attr-defined]
    foreign = uuid4()
    grants = api.VideoGrants(room_create=True)
    token = api.AccessToken(KEY, SECRET).with_grants(grants).to_jwt()
    made = httpx.post(
        f"{server}/twirp/livekit.RoomService/CreateRoom",
        json={"name": str(foreign)},
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
    )
    assert made.status_code == 200
    assert foreign not in livekit.rooms()


@pytest.mark.integration
def test_token_opens_its_room_and_no_other_door(server: str, settings: object) -> None:
    settings.LIVEKIT_URL = server  # type: ignore[attr-defined]
    room = uuid4()
    livekit.make_room(room)
    token, _expires_at = livekit.join_token(room=room, identity="a.b", name="A")

    def ask(path: str, **parameters: str) -> httpx.Response:
        query = {"access_token": token, **parameters}
        return httpx.get(f"{server}{path}", params=query, trust_env=False)

    assert ask("/rtc/validate").status_code == 200
    livekit.close_room(room)
    assert ask("/rtc/validate").status_code == 404  # auto_create is off
    admin = httpx.post(
        f"{server}/twirp/livekit.RoomService/ListRooms",
        json={},
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
    )
    assert admin.status_code in {401, 403}


@pytest.mark.integration
def test_wrong_secret_is_unavailable_and_not_a_crash(server: str, settings: object) -> None:
    settings.LIVEKIT_URL = server  # type: ignore[attr-defined]
    settings.LIVEKIT_API_SECRET = "x" * 40  # type: ignore[attr-defined]
    with pytest.raises(LiveKitUnavailable):
        livekit.rooms()


class _Misbehaving(BaseHTTPRequestHandler):
    """Answers what it is told to."""

    status, content = 200, b""

    def do_POST(self) -> None:
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(self.content)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize(
    ("status", "content"),
    [(500, b"oops"), (503, b""), (404, b"<html>nginx</html>"), (200, b"\xff\xff not protobuf"), (302, b"")],
)
def test_server_that_answers_nonsense_is_unavailable(settings: object, status: int, content: bytes) -> None:
    handler = type("Handler", (_Misbehaving,), {"status": status, "content": content})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as wire:
        threading.Thread(target=wire.serve_forever, daemon=True).start()
        settings.LIVEKIT_URL = f"http://127.0.0.1:{wire.server_port}"  # type: ignore[attr-defined]
        with pytest.raises(LiveKitUnavailable):
            livekit.rooms()
        wire.shutdown()


def test_person_hears_within_three_seconds_that_the_media_server_hangs(
    guest: Person, slug: str, settings: object
) -> None:
    guest.join(slug)
    released = threading.Event()

    class Silent(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            released.wait(10)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Silent) as wire:
        threading.Thread(target=wire.serve_forever, daemon=True).start()
        settings.LIVEKIT_URL = f"http://127.0.0.1:{wire.server_address[1]}"  # type: ignore[attr-defined]
        answer = guest.post(f"sessions/{slug}/token/")
        released.set()
        wire.shutdown()
    assert code_of(answer) == (503, "media_unavailable")
    assert (livekit.TIMEOUT.connect or 0) + (livekit.TIMEOUT.read or 0) <= 3  # it hung for the second part


def test_answer_that_comes_piece_by_piece_is_not_waited_for(settings: object) -> None:
    """Each piece is in time, so no timeout of a single read would ever end it."""
    released = threading.Event()

    class Dripping(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            with contextlib.suppress(OSError):
                for _piece in range(50):
                    self.request.sendall(b"x")
                    if released.wait(0.2):
                        return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Dripping) as wire:
        threading.Thread(target=wire.serve_forever, daemon=True).start()
        settings.LIVEKIT_URL = f"http://127.0.0.1:{wire.server_address[1]}"  # type: ignore[attr-defined]
        began = time.monotonic()
        with pytest.raises(LiveKitUnavailable, match="too slowly"):
            livekit.rooms()
        assert time.monotonic() - began <= 3
        released.set()
        wire.shutdown()


def test_threads_share_one_client() -> None:
    client = livekit._client()
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(livekit._client).result() is client


def test_media_server_that_is_not_there_is_noticed_at_once(
    guest: Person, slug: str, settings: object
) -> None:
    guest.join(slug)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings.LIVEKIT_URL = f"http://127.0.0.1:{unused.getsockname()[1]}"  # type: ignore[attr-defined]
        assert code_of(guest.post(f"sessions/{slug}/token/")) == (503, "media_unavailable")
