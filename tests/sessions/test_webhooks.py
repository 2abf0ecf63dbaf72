"""LiveKit's news: signed, handled once, in whatever order it comes."""

import base64
import hashlib
import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from livekit import api

from sessions.models import Connection, Participant, Session, WebhookEvent
from tests.environment import SECRET
from tests.fakes import FakeLiveKit
from tests.helpers import Person, code_of
from tests.news import KEY, URL, news, signed, tell


@pytest.fixture
def identity(guest: Person, slug: str, livekit: FakeLiveKit) -> str:
    """The identity of a guest who has a token."""
    guest.join(slug)
    return str(guest.post(f"sessions/{slug}/token/").json()["identity"])


def test_join_and_leave_are_kept_and_pushed(
    guest: Person, identity: str, pushes: list, commits: Callable
) -> None:
    with commits():
        assert tell(news("participant_joined", guest, identity)).status_code == 204
    row = Connection.objects.get(identity=identity)
    assert row.joined_at is not None
    assert row.livekit_sid == "PA_1"
    session = Session.objects.get()
    assert session.started_at is not None
    assert [event for _group, event, _payload in pushes] == ["participant.joined", "session.changed"]
    assert pushes[0][2]["in_call"] is True
    assert pushes[1][2]["started_at"] is not None
    pushes.clear()
    with commits():
        tell(news("participant_left", guest, identity))
    assert Connection.objects.get(identity=identity).left_reason == "lost"
    assert Session.objects.get().empty_since is not None
    assert [(event, payload["in_call"]) for _group, event, payload in pushes] == [
        ("participant.changed", False)
    ]
    participant = Participant.objects.get(pk=guest.id)
    assert participant.state == "admitted"  # the seat is held for a minute
    assert participant.seat_held_until > timezone.now() + timedelta(seconds=50)


def test_same_event_twice_is_handled_once(
    guest: Person, identity: str, pushes: list, commits: Callable
) -> None:
    body = news("participant_joined", guest, identity)
    with commits():
        assert [tell(body).status_code for _count in range(3)] == [204] * 3
    assert [event for _group, event, _payload in pushes] == ["participant.joined", "session.changed"]
    assert WebhookEvent.objects.count() == 1


def test_leave_of_an_older_join_is_stale(guest: Person, identity: str) -> None:
    tell(news("participant_joined", guest, identity, sid="PA_1"))
    tell(news("participant_joined", guest, identity, sid="PA_2"))  # came back before the leave was told
    tell(news("participant_left", guest, identity, sid="PA_1"))
    row = Connection.objects.get(identity=identity)
    assert (row.left_at, row.livekit_sid) == (None, "PA_2")


def test_join_told_after_its_own_leave_changes_nothing(guest: Person, identity: str) -> None:
    tell(news("participant_left", guest, identity, sid="PA_1"))
    tell(news("participant_joined", guest, identity, sid="PA_1"))
    assert Connection.objects.get(identity=identity).left_reason == "lost"


def test_same_identity_that_comes_back_is_in_again(guest: Person, identity: str) -> None:
    tell(news("participant_joined", guest, identity, sid="PA_1"))
    tell(news("participant_left", guest, identity, sid="PA_1"))
    tell(news("participant_joined", guest, identity, sid="PA_2"))
    row = Connection.objects.get(identity=identity)
    assert (row.left_at, row.left_reason, row.interruptions) == (None, "", 1)
    assert Session.objects.get().empty_since is None
    assert Connection.objects.count() == 1


@pytest.mark.parametrize("came_before", [False, True], ids=["late token", "came back late"])
@pytest.mark.parametrize("why", ["full", "locked"])
def test_who_comes_after_the_seat_was_lost_finds_no_free_one(
    guest: Person,
    mallory: Person,
    slug: str,
    identity: str,
    livekit: FakeLiveKit,
    commits: Callable,
    came_before: bool,
    why: str,
) -> None:
    if came_before:
        tell(news("participant_joined", guest, identity, sid="PA_1"))
        tell(news("participant_left", guest, identity, sid="PA_1"))
    Participant.objects.filter(pk=guest.id).update(state="left", seat_held_until=None)
    Session.objects.update(max_participants=1) if why == "full" else Session.objects.update(locked=True)
    if why == "full":
        mallory.join(slug, "Mallory")
    with commits():
        tell(news("participant_joined", guest, identity, sid="PA_2"))
    assert livekit.removed == [identity]
    assert Participant.objects.get(pk=guest.id).state == "left"
    assert not Connection.objects.in_call().exists()


def test_who_comes_late_takes_a_seat_that_is_free(guest: Person, identity: str) -> None:
    Participant.objects.filter(pk=guest.id).update(state="left", seat_held_until=None)
    tell(news("participant_joined", guest, identity))
    assert Participant.objects.get(pk=guest.id).state == "admitted"
    assert Connection.objects.in_call().exists()


def test_many_who_never_got_through_may_lack_a_sid(guest: Person, slug: str, identity: str) -> None:
    for _count in range(2):
        identity = guest.post(f"sessions/{slug}/token/").json()["identity"]
        assert tell(news("participant_connection_aborted", guest, identity, sid="")).status_code == 204


def test_person_who_was_put_out_is_removed_again(
    guest: Person, identity: str, livekit: FakeLiveKit, commits: Callable
) -> None:
    Participant.objects.filter(pk=guest.id).update(state="removed")
    with commits():
        tell(news("participant_joined", guest, identity))
    assert livekit.removed == [identity]
    assert not Connection.objects.exists()


def test_join_that_never_connected_counts_as_no_stay(guest: Person, identity: str) -> None:
    tell(news("participant_connection_aborted", guest, identity))
    assert Connection.objects.get().joined_at is None
    assert not Connection.objects.in_call().exists()
    assert Session.objects.get().empty_since is None  # nobody has been in it yet


@pytest.mark.parametrize(
    "event", ["track_published", "room_started", "room_finished", "egress_started", "something_new"]
)
def test_news_that_means_nothing_to_us_is_taken(guest: Person, identity: str, event: str) -> None:
    assert tell(news(event, guest, identity)).status_code == 204
    assert not Connection.objects.exists()


def test_news_of_somebody_unknown_is_taken(db: None) -> None:
    assert tell(news("participant_joined", None, "stranger")).status_code == 204


def _forgeries() -> list[tuple[str, Callable[[bytes], str]]]:
    now = int(time.time())

    def digest(body: bytes) -> str:
        return base64.b64encode(hashlib.sha256(body).digest()).decode()

    def claims(body: bytes, **more: Any) -> dict[str, Any]:
        return {"iss": KEY, "exp": now + 60, "nbf": now, "sha256": digest(body), **more}

    return [
        ("no header", lambda _body: ""),
        ("garbage", lambda _body: "garbage"),
        ("with Bearer", lambda body: f"Bearer {signed(body)}"),
        ("another secret", lambda body: signed(body, secret="x" * 40)),
        ("an empty secret", lambda body: _hs256(claims(body), b"")),
        ("another key", lambda body: signed(body, key="other")),
        ("another body", lambda _body: signed(b"{}")),
        ("no digest", lambda _body: api.AccessToken(KEY, SECRET).to_jwt()),
        ("a join token", lambda _body: api.AccessToken(KEY, SECRET).with_identity("a").to_jwt()),
        ("alg none", lambda body: jwt.encode(claims(body), None, algorithm="none")),
        ("expired", lambda body: jwt.encode(claims(body, exp=now - 3600), SECRET)),
    ]


def _hs256(claims: dict[str, Any], secret: bytes) -> str:
    import hmac  # noqa: PLC0415 -- leaf

    def part(content: bytes) -> str:
        return base64.urlsafe_b64encode(content).rstrip(b"=").decode()

    head = part(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    text = f"{head}.{part(json.dumps(claims).encode())}"
    return f"{text}.{part(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"


@pytest.mark.parametrize(
    ("name", "forge"), _forgeries(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_forged_news_is_refused(
    guest: Person, identity: str, name: str, forge: Callable[[bytes], str]
) -> None:
    body = news("participant_joined", guest, identity)
    assert code_of(tell(body, forge(json.dumps(body).encode()))) == (401, "webhook_forged")
    assert not Connection.objects.exists()


def test_news_from_long_ago_is_refused(guest: Person, identity: str) -> None:
    body = news("participant_joined", guest, identity, createdAt=str(int(time.time()) - 3600))
    assert code_of(tell(body)) == (401, "webhook_forged")


def test_news_that_is_too_large_is_refused(db: None) -> None:
    assert code_of(tell(news("participant_joined", padding="x" * 300_000))) == (413, "too_large")


def test_webhook_is_told_by_post_only(db: None) -> None:
    assert Client().get(URL).status_code == 405


def test_person_of_another_room_is_not_ours(guest: Person, host: Person, identity: str) -> None:
    elsewhere = Session.objects.get(slug=host.start())
    body = news("participant_joined", guest, identity)
    body["room"]["name"] = str(elsewhere.pk)
    assert tell(body).status_code == 204
    assert not Connection.objects.exists()


@pytest.mark.parametrize("identity_of", ["{}#x", "{}x", "x{}", "{}.", "", "."])
def test_identity_that_we_did_not_give_comes_in_by_no_door(
    guest: Person, identity: str, livekit: FakeLiveKit, commits: Callable, identity_of: str
) -> None:
    with commits():
        assert tell(news("participant_joined", guest, identity_of.format(identity))).status_code == 204
    assert not Connection.objects.exists()


def test_webhook_of_the_first_join_costs_eleven_queries(guest: Person, identity: str) -> None:
    with CaptureQueriesContext(connection) as seen:
        tell(news("participant_joined", guest, identity))
    assert len([query for query in seen if "SAVEPOINT" not in query["sql"]]) == 11
