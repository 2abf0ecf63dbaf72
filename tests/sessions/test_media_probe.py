"""The doctor's probe against a real LiveKit: each way is asked as a browser would."""

import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nonza.doctor import stun
from nonza.doctor.stun import Candidate, answers_ice
from nonza.run.media.config import MediaPorts, livekit_yaml
from nonza.run.ports import LOOPBACK, answers, free_port
from sessions import media_probe
from tests import parts
from tests.environment import SECRET
from tests.news import KEY

pytestmark = pytest.mark.integration


@pytest.fixture
def turn_port() -> int:
    return free_port(kind=socket.SOCK_DGRAM)


@pytest.fixture
def server(settings: Any, tmp_path: Path, turn_port: int) -> Iterator[None]:
    """A LiveKit of our own, with a relay."""
    ports = MediaPorts(free_port(), free_port(), free_port(kind=socket.SOCK_DGRAM))
    text = livekit_yaml(ports, key=KEY, secret=SECRET, web="http://127.0.0.1:1")
    relay = f"turn:\n  enabled: true\n  domain: localhost\n  udp_port: {turn_port}\n"
    (tmp_path / "livekit.yaml").write_text(text + relay)
    settings.LIVEKIT_URL = f"http://127.0.0.1:{ports.http}"
    command = [str(parts.livekit()), "--config", str(tmp_path / "livekit.yaml")]
    with (tmp_path / "log").open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            deadline = time.monotonic() + 30
            while not answers(LOOPBACK, ports.http):
                assert time.monotonic() < deadline, "LiveKit did not start"
                time.sleep(0.05)
            yield
        finally:
            process.kill()


def address(settings: Any) -> str:
    return str(settings.LIVEKIT_URL).replace("http", "ws", 1)


def test_every_way_answers(server: None, settings: Any, turn_port: int) -> None:
    assert not media_probe.makes_rooms_by_itself()
    offset = media_probe.clock_offset()
    assert offset is not None
    assert abs(offset) < 10
    with media_probe.room_of_our_own() as room:
        told = media_probe.signal(room, address(settings))
    assert told.version == "1.13.5"
    assert {candidate.transport: answers for candidate, answers in told.candidates.items()} == {
        "udp": True,
        "tcp": True,
    }
    assert list(told.turn.values()) == [True]
    assert f":{turn_port}" in next(iter(told.turn))


@pytest.mark.parametrize("change", ["port", "password"])
def test_wrong_server_and_wrong_word_are_no_answer(
    server: None, settings: Any, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """What answers must be the server that was joined: it alone knows the password."""

    def other(candidate: Candidate, credentials: stun.Credentials) -> bool:
        if change == "port":
            return answers_ice(replace(candidate, port=free_port()), credentials)
        return answers_ice(candidate, replace(credentials, password="another"))

    monkeypatch.setattr(media_probe, "answers_ice", other)
    monkeypatch.setattr(stun, "PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(media_probe, "turn_allocates", lambda *_: False)
    with media_probe.room_of_our_own() as room:
        told = media_probe.signal(room, address(settings))
    assert set(told.candidates.values()) == {False}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("candidate:1 1 udp 2130706431 8.8.8.8 7882 typ host", Candidate("udp", "8.8.8.8", 7882, "host")),
        (
            "a=candidate:1 1 TCP 1671430143 10.0.0.1 7881 typ host tcptype passive",
            Candidate("tcp", "10.0.0.1", 7881, "host"),
        ),
        ("candidate:1 1 tcp 1671430143 10.0.0.1 9 typ host tcptype active", None),
        ("candidate:1 1 udp 2130706431 abc.local 7882 typ host", None),
        ("", None),
    ],
)
def test_candidates_are_read(line: str, expected: Candidate | None) -> None:
    assert Candidate.parse(line) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("turn:127.0.0.1:3478?transport=udp", (False, "127.0.0.1", 3478, "udp")),
        ("turns:turn.example.org:443?transport=tcp", (True, "turn.example.org", 443, "tcp")),
        ("turn:[::1]:3478", (False, "::1", 3478, "udp")),
        ("turns:turn.example.org", (True, "turn.example.org", 5349, "tcp")),
    ],
)
def test_addresses_of_relays_are_read(url: str, expected: tuple) -> None:
    assert stun._turn_address(url) == expected
