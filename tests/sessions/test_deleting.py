"""Deleting a session while somebody still acts in it: nobody sees a fault of ours."""

from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from sessions.models import Connection, Participant, Session
from sessions.services import seats
from sessions.services.connections import connection_joined, connection_left
from sessions.services.reconciliation import release_seats
from tests.fakes import FakeLiveKit
from tests.helpers import Person, code_of

ACTS = {
    "join": lambda person, slug: person.join(slug),
    "token": lambda person, slug: person.post(f"sessions/{slug}/token/"),
    "leave": lambda person, slug: person.post(f"sessions/{slug}/leave/"),
    "change": lambda person, slug: person.patch(f"sessions/{slug}/", {"title": "Winter"}),
    "end": lambda person, slug: person.post(f"sessions/{slug}/end/"),
    "delete": lambda person, slug: person.delete(f"sessions/{slug}/"),
}


@pytest.fixture
def deleted_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """The session goes between the look at it and the lock of its row."""
    lock, lock_of = seats.lock_session, seats.lock_session_of

    def delete_and_lock(session_id: UUID) -> Session:
        Session.objects.filter(pk=session_id).delete()
        return lock(session_id)

    def delete_and_lock_of(slug: str) -> Session | None:
        Session.objects.filter(slug=slug).delete()
        return lock_of(slug)

    monkeypatch.setattr("sessions.services.participants.lock_session_of", delete_and_lock_of)
    for module in ("connections", "participants", "reconciliation", "sessions"):
        monkeypatch.setattr(f"sessions.services.{module}.lock_session", delete_and_lock)


@pytest.mark.parametrize("act", ACTS)
def test_who_acts_in_a_session_that_is_deleted_meanwhile_finds_nothing(
    host: Person, slug: str, livekit: FakeLiveKit, deleted_meanwhile: None, act: str
) -> None:
    assert code_of(ACTS[act](host, slug)) == (404, "session_not_found")


@pytest.mark.parametrize("news", [connection_joined, connection_left])
def test_news_of_a_session_that_is_deleted_meanwhile_is_taken(
    host: Person, slug: str, livekit: FakeLiveKit, monkeypatch: pytest.MonkeyPatch, news: Any
) -> None:
    host.join(slug)
    identity = host.post(f"sessions/{slug}/token/").json()["identity"]
    lock = seats.lock_session

    def delete_and_lock(session_id: UUID) -> Session:
        Session.objects.all().delete()
        return lock(session_id)

    monkeypatch.setattr("sessions.services.connections.lock_session", delete_and_lock)
    news(room=host.place["session"]["id"], identity=identity, sid="PA_1", at=timezone.now())
    assert not Connection.objects.exists()


def test_seat_in_a_session_that_is_deleted_meanwhile_stops_no_other(
    host: Person, guest: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, stays = host.start(), host.start()
    for slug in (gone, stays):
        guest.join(slug)
    Participant.objects.update(seat_held_until=timezone.now())
    lock = seats.lock_session

    def delete_one_and_lock(session_id: UUID) -> Session:
        Session.objects.filter(slug=gone).delete()
        return lock(session_id)

    monkeypatch.setattr("sessions.services.reconciliation.lock_session", delete_one_and_lock)
    release_seats()
    assert Participant.objects.get(pk=guest.id).state == "left"
