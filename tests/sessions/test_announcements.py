"""What a session says of itself: once for each person who comes and goes, whatever their connections do."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from sessions.models import Connection, Participant, Session
from sessions.services.connections import connection_joined, connection_left
from sessions.services.following import guest_is_user, logins_have_ended, membership_has_ended
from sessions.services.reconciliation import release_seats
from sessions.signals import announced
from spaces.models import Space
from tests.fakes import FakeLiveKit
from tests.helpers import Person


@pytest.fixture
def said(django_capture_on_commit_callbacks: Any) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """What was announced: (code, params)."""
    heard: list[tuple[str, dict[str, Any]]] = []

    def hear(session: Session, code: str, params: dict[str, Any], **_more: Any) -> None:
        heard.append((code, params))

    announced.connect(hear)
    yield heard
    announced.disconnect(hear)


def codes(said: list[tuple[str, dict[str, Any]]]) -> list[str]:
    return [code for code, _params in said]


@pytest.fixture(autouse=True)
def _everything_commits(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if each service were a transaction of its own, which it is outside of tests."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda tell, **_options: tell())


def lose(slug: str, identity: str) -> None:
    room = str(Session.objects.get(slug=slug).pk)
    connection_left(room=room, identity=identity, sid=f"PA_{identity[-12:]}", at=timezone.now())


def test_joining_and_leaving_are_said_once(
    host: Person, guest: Person, slug: str, livekit: FakeLiveKit, said: list
) -> None:
    guest.join(slug, "Dana")
    assert said == []  # at the gate nobody is there yet
    identity = guest.come_in(slug)
    about = {"display_name": "Dana", "participant_id": guest.id}
    assert said == [("participant.joined", about)]
    room = str(Session.objects.get(slug=slug).pk)
    connection_joined(room=room, identity=identity, sid=f"PA_{identity[-12:]}", at=timezone.now())
    guest.come_in(slug)  # a second tab
    assert len(said) == 1
    guest.post(f"sessions/{slug}/leave/")
    assert said[1:] == [("participant.left", about)]
    guest.post(f"sessions/{slug}/leave/")
    guest.join(slug, "Dana")
    guest.come_in(slug)
    assert said[2:] == [("participant.joined", about)]


def test_lost_connection_is_no_news(
    host: Person, guest: Person, slug: str, livekit: FakeLiveKit, said: list
) -> None:
    guest.join(slug, "Dana")
    identity = guest.come_in(slug)
    lose(slug, identity)
    guest.come_in(slug, identity)  # LiveKit found them again
    lose(slug, identity)
    guest.come_in(slug)  # the page was loaded again
    assert codes(said) == ["participant.joined"]


def test_who_does_not_come_back_has_left(guest: Person, slug: str, livekit: FakeLiveKit, said: list) -> None:
    guest.join(slug, "Dana")
    lose(slug, guest.come_in(slug))
    Participant.objects.filter(pk=guest.id).update(seat_held_until=timezone.now() - timedelta(seconds=1))
    release_seats()
    assert codes(said) == ["participant.joined", "participant.left"]
    guest.join(slug, "Dana")
    guest.come_in(slug)
    assert codes(said)[2:] == ["participant.joined"]


def test_who_never_came_in_does_not_leave(guest: Person, slug: str, said: list) -> None:
    guest.join(slug, "Dana")
    guest.post(f"sessions/{slug}/leave/")
    assert said == []


def test_who_is_no_member_any_more_was_removed(
    alice: Person, bob: Person, space: Space, livekit: FakeLiveKit, said: list
) -> None:
    slug = alice.start("Alice", access="members")
    bob.join(slug, "Bob")
    bob.come_in(slug)
    assert bob.user
    membership_has_ended(bob.user, space)
    assert codes(said) == ["participant.joined", "participant.removed"]
    assert said[1][1] == {"display_name": "Bob", "participant_id": bob.id}


def test_who_logged_out_everywhere_left(bob: Person, slug: str, livekit: FakeLiveKit, said: list) -> None:
    bob.join(slug, "Bob")
    bob.come_in(slug)
    assert bob.user
    logins_have_ended(bob.user)
    assert codes(said) == ["participant.joined", "participant.left"]


def test_host_changes_hands(host: Person, bob: Person, slug: str, livekit: FakeLiveKit, said: list) -> None:
    """A guest who made the session logs in as somebody who has a place in it."""
    bob.join(slug, "Bob")
    hashes = Participant.objects.filter(session__slug=slug, role="host").values_list(
        "guest__credential_hash", flat=True
    )
    assert bob.user
    guest_is_user(bob.user, list(hashes))
    assert said == [("host.changed", {"display_name": "Bob", "participant_id": bob.id})]


def test_lock_and_end_are_said(host: Person, slug: str, livekit: FakeLiveKit, said: list) -> None:
    host.join(slug, "Marta")
    for locked in (True, True, False):
        assert host.patch(f"sessions/{slug}/", {"locked": locked, "title": "Winter"}).status_code == 200
    host.come_in(slug)
    host.post(f"sessions/{slug}/end/")
    host.post(f"sessions/{slug}/end/")
    assert codes(said) == ["session.locked", "session.unlocked", "participant.joined", "session.ended"]
    assert said[0][1] == {"by": "Marta"}
    assert said[3][1] == {"reason": "host_ended"}
    assert not Connection.objects.in_call().exists()
    assert not Participant.objects.exclude(came_in_at=None).exists()


def test_nobody_is_kept_out_by_a_listener_that_fails(guest: Person, slug: str, livekit: FakeLiveKit) -> None:
    def fail(**_news: Any) -> None:
        raise RuntimeError("no pen")

    announced.connect(fail)
    try:
        guest.join(slug, "Dana")
        guest.come_in(slug)
        assert guest.post(f"sessions/{slug}/leave/").status_code == 204
    finally:
        announced.disconnect(fail)
