"""The doctor at the media server: every fault once, with a LiveKit that misbehaves on command."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from django_redis import get_redis_connection

from nonza.doctor.stun import Candidate
from sessions import doctor, livekit, media_probe
from sessions.doctor import look_at_livekit, look_at_media, look_at_webhook
from sessions.media_probe import ProbeFailed, Signal
from sessions.models import Connection, WebhookEvent
from sessions.services.webhooks import take_webhook
from tests.doctoring import told
from tests.environment import SECRET
from tests.faults.wire_livekit import WireLiveKit
from tests.news import KEY, news, signed, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: Any) -> Iterator[WireLiveKit]:
    with WireLiveKit(key=KEY, secret=SECRET) as server:
        settings.LIVEKIT_URL = server.address
        settings.MEDIA_WS_ADDRESS = server.address.replace("http", "ws", 1)
        yield server


def test_media_server_that_is_well(server: WireLiveKit) -> None:
    assert told(look_at_livekit) == {"livekit": "fine"}


def test_media_server_that_is_away(server: WireLiveKit) -> None:
    server.refuse()
    assert told(look_at_livekit) == {"livekit.unreachable": "broken"}
    assert told(look_at_webhook) == {"webhook.unknown": "broken"}
    assert told(look_at_media) == {"media.unknown": "broken"}


def test_media_server_that_ails(server: WireLiveKit) -> None:
    server.answer(500)
    assert told(look_at_livekit) == {"livekit.odd": "broken"}


def test_secret_that_is_wrong(server: WireLiveKit, settings: Any) -> None:
    settings.LIVEKIT_API_SECRET = "another-secret-than-the-server-has-0123456789"
    assert told(look_at_livekit) == {"livekit.wrong_key": "broken"}


def test_media_server_that_makes_rooms_for_anybody(
    server: WireLiveKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media_probe, "makes_rooms_by_itself", lambda: True)
    assert told(look_at_livekit) == {"livekit": "fine", "livekit.auto_create": "warning"}


def test_clock_of_the_media_server_is_read_from_its_answers() -> None:
    now = datetime.now(UTC)
    assert media_probe.offset_of(format_datetime(now + timedelta(seconds=90))) == pytest.approx(90, abs=3)
    assert media_probe.offset_of("yesterday") is None


def test_media_server_whose_clock_is_wrong(server: WireLiveKit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_probe, "clock_offset", lambda: -90.0)
    assert told(look_at_livekit)["clock_skew"] == "broken"


# News -----------------------------------------------------------------------


def test_news_that_goes_nowhere(server: WireLiveKit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "NEWS_SECONDS", 1)
    assert told(look_at_webhook) == {"webhook.absent": "broken"}
    assert server.rooms() == []  # what was made is gone again


def test_news_that_arrives(server: WireLiveKit, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the web server hears in one process, the doctor hears in another, through Redis."""

    def arrives(room: str, _seconds: float) -> bool:
        assert tell({**news("room_started"), "room": {"name": room}}).status_code == 204
        return wait(room, 1)

    wait = doctor.wait_for_news
    monkeypatch.setattr(doctor, "wait_for_news", arrives)
    assert told(look_at_webhook) == {"webhook": "fine"}
    assert server.rooms() == []


def test_news_of_the_doctors_rooms_touch_nobody() -> None:
    for event in ("room_started", "participant_joined", "participant_left", "track_published"):
        body = {**news(event, identity="doctor-1"), "room": {"name": f"{livekit.ROOM_OF_DOCTOR}1"}}
        assert tell(body).status_code == 204
    assert not WebhookEvent.objects.exists()
    assert not Connection.objects.exists()
    redis = get_redis_connection("default")
    assert 0 < redis.ttl("nonza:doctor:doctor-1") <= 60


def test_forged_news_of_the_doctors_room_does_not_count() -> None:
    body = b'{"event": "room_started", "id": "EV_1", "room": {"name": "doctor-1"}}'
    with pytest.raises(livekit.WebhookForged):
        take_webhook(body=body, authorization=signed(body, secret="another" * 8))
    assert not get_redis_connection("default").exists("nonza:doctor:doctor-1")


def test_reconciler_leaves_the_doctors_rooms_alone(server: WireLiveKit) -> None:
    with media_probe.room_of_our_own() as room:
        assert room in server.rooms()
        assert livekit.rooms() == []


# The ways of sound and picture ----------------------------------------------

UDP, TCP = Candidate("udp", "93.184.216.34", 7882, "host"), Candidate("tcp", "93.184.216.34", 7881, "host")
INNER = Candidate("udp", "192.168.1.5", 7882, "host")
GOOD = {UDP: True, TCP: True}


def offered(candidates: dict[Candidate, bool], **more: Any) -> Signal:
    return Signal(**{"version": "1.13.5", "turn": {}, "stun": [], "candidates": candidates, **more})


@pytest.mark.parametrize(
    ("signal", "found"),
    [
        (offered(GOOD), {}),
        (offered({}), {"media.no_ports": "broken"}),
        (offered({UDP: False, TCP: True}), {"media.udp.closed": "warning"}),
        (offered({UDP: True, TCP: False}), {"media.tcp.closed": "warning"}),
        (offered({UDP: False, TCP: False}), {"media.udp.closed": "broken", "media.tcp.closed": "broken"}),
        (offered({TCP: True}), {"media.udp.none": "warning"}),
        (offered({UDP: True}), {"media.tcp.none": "warning"}),
        (offered({INNER: True, UDP: False, TCP: True}), {}),
        (offered({INNER: True}), {"media.private": "warning", "media.tcp.none": "warning"}),
        (offered({INNER: True}, turn={"turn:a": True}), {"media.tcp.none": "warning"}),
        (offered(GOOD, turn={"turns:a:443?transport=tcp": False}), {"media.turn.refused": "warning"}),
        (offered(GOOD, stun=["stun:stun.l.google.com:19302"]), {"media.third_party": "warning"}),
        (offered(GOOD, stun=["stun:127.0.0.1:3478"]), {}),
        (offered(GOOD, version="1.9.0"), {"media.version": "warning"}),
    ],
)
def test_ways_that_are_closed(
    server: WireLiveKit, settings: Any, monkeypatch: pytest.MonkeyPatch, signal: Signal, found: dict[str, str]
) -> None:
    settings.BASE_URL = "https://calls.example.org"
    settings.MEDIA_WS_ADDRESS = "wss://media.example.org"
    monkeypatch.setattr(media_probe, "signal", lambda _room, _address: signal)
    assert {code: verdict for code, verdict in told(look_at_media).items() if verdict != "fine"} == found


@pytest.mark.parametrize(
    ("media", "code"), [("ws://media.example.org", "media.mixed"), ("wss://localhost", "media.localhost")]
)
def test_address_that_browsers_refuse(
    server: WireLiveKit, settings: Any, monkeypatch: pytest.MonkeyPatch, media: str, code: str
) -> None:
    settings.BASE_URL, settings.MEDIA_WS_ADDRESS = "https://calls.example.org", media
    monkeypatch.setattr(media_probe, "signal", lambda _room, _address: offered(GOOD))
    assert told(look_at_media)[code] == "broken"


def test_public_address_that_leads_nowhere(
    server: WireLiveKit, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ports are tried all the same, by the inner address."""

    def signal(_room: str, address: str) -> Signal:
        if address == "wss://media.example.org":
            raise ProbeFailed("refused", 502)
        return offered(GOOD)

    settings.MEDIA_WS_ADDRESS = "wss://media.example.org"
    monkeypatch.setattr(media_probe, "signal", signal)
    found = told(look_at_media)
    assert found["media.no_signal"] == "broken"
    assert found["media.udp"] == found["media.tcp"] == "fine"


def test_media_server_without_media(server: WireLiveKit, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real join at the wire, of a server that names no way for media."""
    monkeypatch.setattr(media_probe, "CANDIDATE_SECONDS", 0.3)
    found = told(look_at_media)
    assert found["media.no_ports"] == "broken"
    assert server.rooms() == []
