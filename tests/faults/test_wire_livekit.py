"""The fake LiveKit at the wire is to be believed: the real server answers the same questions alike."""

import contextlib
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from typing import Any

import httpx
import jwt
import pytest
from livekit import api
from livekit.protocol import models, room
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from nonza.run.media.config import MediaPorts, livekit_yaml
from nonza.run.ports import free_port
from tests import parts
from tests.environment import SECRET
from tests.faults.wire_livekit import WireLiveKit

KEY = "nonza-tests"
SERVICE = "/twirp/livekit.RoomService/"
pytestmark = pytest.mark.integration


class Receiver:
    """Somebody who is told the news, and answers what the test wants: 204 when nothing is queued."""

    def __init__(self) -> None:
        self.news: Queue[tuple[dict[str, str], dict[str, Any], float]] = Queue()
        self.answers: Queue[int] = Queue()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.news.put((dict(self.headers), json.loads(body), time.monotonic()))
                self.send_response(204 if receiver.answers.empty() else receiver.answers.get())
                self.end_headers()

            def log_message(self, *_arguments: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def next(self, event: str) -> tuple[dict[str, str], dict[str, Any], float]:
        """Wait for news of this kind."""
        while True:
            told = self.news.get(timeout=20)
            if told[1]["event"] == event:
                return told


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.stop()


@pytest.fixture(params=["fake", "real"])
def address(request: pytest.FixtureRequest, receiver: Receiver, tmp_path: Path) -> Iterator[str]:
    """The one server and the other."""
    if request.param == "fake":
        with WireLiveKit(key=KEY, secret=SECRET, webhook=f"{receiver.url}/api/v1/livekit/webhook/") as fake:
            yield fake.address
        return
    program = parts.livekit()
    ports = MediaPorts(http=free_port(), tcp=free_port(), udp=free_port())
    configuration = tmp_path / "livekit.yaml"
    configuration.write_text(livekit_yaml(ports, key=KEY, secret=SECRET, web=receiver.url))
    process = subprocess.Popen(
        [program, "--config", configuration], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(f"http://127.0.0.1:{ports.http}")
        yield f"http://127.0.0.1:{ports.http}"
    finally:
        process.kill()
        process.wait()


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if httpx.get(address, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.05)
    pytest.fail("LiveKit did not start")


def _token(identity: str = "", life: timedelta = timedelta(minutes=1), **grants: Any) -> str:
    token = api.AccessToken(KEY, SECRET).with_grants(api.VideoGrants(**grants))
    if identity:
        token = token.with_identity(identity)
    made = jwt.decode(token.to_jwt(), options={"verify_signature": False})
    now = int(time.time())
    return jwt.encode({**made, "nbf": now - 300, "exp": now + int(life.total_seconds())}, SECRET)


def _ask(address: str, method: str, question: dict[str, Any], token: str | None) -> tuple[int, Any]:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    answer = httpx.post(f"{address}{SERVICE}{method}", json=question, headers=headers, trust_env=False)
    try:
        return answer.status_code, answer.json()
    except ValueError:
        return answer.status_code, {}


def _code(answer: tuple[int, Any]) -> tuple[int, str | None]:
    return answer[0], answer[1].get("code")


def _inside(address: str, name: str) -> list[str]:
    _status, body = _ask(address, "ListParticipants", {"room": name}, _token(room_admin=True, room=name))
    return [
        person["identity"] for person in body.get("participants", []) if person.get("state") != "DISCONNECTED"
    ]


def test_rooms_are_made_listed_and_deleted_alike(address: str) -> None:
    maker, lister = _token(room_create=True), _token(room_list=True)
    status, made = _ask(address, "CreateRoom", {"name": "tea", "metadata": "ours"}, maker)
    assert (status, made["name"], made["metadata"]) == (200, "tea", "ours")
    assert _ask(address, "CreateRoom", {"name": "tea", "metadata": "ours"}, maker)[1]["sid"] == made["sid"]
    assert [found["name"] for found in _ask(address, "ListRooms", {}, lister)[1]["rooms"]] == ["tea"]
    assert _ask(address, "DeleteRoom", {"room": "tea"}, maker)[0] == 200
    assert _code(_ask(address, "DeleteRoom", {"room": "tea"}, maker)) == (404, "not_found")
    assert not _ask(address, "ListRooms", {}, lister)[1].get("rooms")


def test_unknown_rooms_and_people_are_answered_alike(address: str) -> None:
    admin = _token(room_admin=True, room="nowhere")
    status, body = _ask(address, "ListParticipants", {"room": "nowhere"}, admin)
    assert (status, body.get("participants", [])) == (200, [])
    nobody = {"room": "nowhere", "identity": "nobody"}
    assert _code(_ask(address, "RemoveParticipant", nobody, admin)) == (404, "not_found")
    assert _ask(address, "Nonsense", {}, admin)[0] == 404


def test_who_may_not_is_refused_alike(address: str) -> None:
    joiner = _token("a.1", room_join=True, room="tea")
    for token in (None, joiner, _token(room_admin=True, room="other")):
        for method in ("CreateRoom", "DeleteRoom", "ListRooms"):
            assert _code(_ask(address, method, {}, token)) == (401, "unauthenticated")
        assert _code(_ask(address, "ListParticipants", {"room": "tea"}, token)) == (401, "unauthenticated")
    forged = api.AccessToken(KEY, "x" * 40).with_grants(api.VideoGrants(room_list=True)).to_jwt()
    assert _ask(address, "ListRooms", {}, forged)[0] == 401


def test_protobuf_is_spoken_alike(address: str) -> None:
    headers = {
        "Authorization": f"Bearer {_token(room_create=True)}",
        "Content-Type": "application/protobuf",
    }
    question = room.CreateRoomRequest(name="tea", departure_timeout=7).SerializeToString()
    answer = httpx.post(f"{address}{SERVICE}CreateRoom", content=question, headers=headers, trust_env=False)
    made = models.Room()
    made.ParseFromString(answer.content)
    assert (answer.headers["Content-Type"], made.name) == ("application/protobuf", "tea")
    assert made.sid.startswith("RM_")


def test_door_opens_and_stays_shut_alike(address: str) -> None:
    def knock(**query: str) -> int:
        return httpx.get(f"{address}/rtc/validate", params=query, trust_env=False).status_code

    token = _token("a.1", room_join=True, room="tea")
    assert knock(access_token=token) == 404  # auto_create is off
    _ask(address, "CreateRoom", {"name": "tea"}, _token(room_create=True))
    assert knock(access_token=token) == 200
    ended = _token("a.1", timedelta(seconds=-30), room_join=True, room="tea")
    assert knock(access_token=ended) == 200  # a minute's leeway
    long_ended = _token("a.1", timedelta(seconds=-90), room_join=True, room="tea")
    assert knock(access_token=long_ended) == 401
    assert knock() == knock(access_token="nonsense") == 401


def test_people_come_take_over_and_are_sent_away_alike(address: str) -> None:
    _ask(address, "CreateRoom", {"name": "tea"}, _token(room_create=True))
    door = f"{address.replace('http', 'ws')}/rtc?protocol=15&access_token="
    token = _token("a.1", room_join=True, room="tea")
    with connect(door + token) as first:
        first.recv(timeout=10)
        assert _inside(address, "tea") == ["a.1"]
        with connect(door + token) as second:
            second.recv(timeout=10)
            _reads_to_the_end(first)  # the same identity evicts the older one
            assert _inside(address, "tea") == ["a.1"]
            gone = _ask(
                address,
                "RemoveParticipant",
                {"room": "tea", "identity": "a.1"},
                _token(room_admin=True, room="tea"),
            )
            assert gone[0] == 200
            _reads_to_the_end(second)
    assert _inside(address, "tea") == []
    with connect(door + token) as again:  # the token stays good
        again.recv(timeout=10)
        assert _ask(address, "DeleteRoom", {"room": "tea"}, _token(room_create=True))[0] == 200
        _reads_to_the_end(again)
    assert _inside(address, "tea") == []


def _reads_to_the_end(socket: Any) -> None:
    with contextlib.suppress(ConnectionClosed):
        while True:
            socket.recv(timeout=10)


def test_news_is_signed_and_told_again_alike(address: str, receiver: Receiver) -> None:
    receiver.answers.put(503)
    receiver.answers.put(404)  # counts as delivered
    _ask(address, "CreateRoom", {"name": "tea", "metadata": "ours"}, _token(room_create=True))
    headers, first, first_at = receiver.next("room_started")
    _headers, again, again_at = receiver.next("room_started")
    assert first == again
    assert 0.5 < again_at - first_at < 10
    assert first["id"].startswith("EV_")
    assert (first["room"]["name"], first["room"]["metadata"]) == ("tea", "ours")
    assert abs(int(first["createdAt"]) - time.time()) < 60
    assert headers["Content-Type"] == "application/webhook+json"
    claims = jwt.decode(headers["Authorization"], SECRET, algorithms=["HS256"])
    assert (claims["iss"], "sha256" in claims) == (KEY, True)
    _ask(address, "DeleteRoom", {"room": "tea"}, _token(room_create=True))
    _headers, finished, _at = receiver.next("room_finished")
    assert finished["id"] != first["id"]
    assert receiver.news.empty()
