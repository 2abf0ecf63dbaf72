"""The reconciler: our rows and LiveKit's rooms agree again, whatever the webhooks lost."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from sessions import livekit as door
from sessions.errors import LiveKitUnavailable
from sessions.models import Connection, Participant, Session
from sessions.services.reconciliation import reconcile_all
from sessions.services.rooms import room_is_gone
from tests.fakes import FakeLiveKit
from tests.helpers import Person

LONG_AGO = timedelta(seconds=30)


@pytest.fixture
def identity(guest: Person, slug: str, livekit: FakeLiveKit) -> str:
    """The identity of a guest who has a token, minted a while ago."""
    guest.join(slug)
    identity = str(guest.post(f"sessions/{slug}/token/").json()["identity"])
    _age()
    return identity


@pytest.fixture
def room(guest: Person, identity: str) -> UUID:
    return UUID(guest.place["session"]["id"])


def _age(by: timedelta = LONG_AGO) -> None:
    """Let the rows be older than the listing that they are compared with."""
    then = datetime.now(UTC) - by
    Connection.objects.update(updated_at=then, created_at=then)


def test_lost_join_is_found(
    identity: str, room: UUID, livekit: FakeLiveKit, pushes: list, commits: Callable
) -> None:
    livekit.join(room, identity, "PA_7")
    with commits():
        reconcile_all()
    row = Connection.objects.get()
    assert (row.left_at, row.livekit_sid) == (None, "PA_7")
    assert row.joined_at is not None
    assert [event for _group, event, _payload in pushes] == ["participant.joined", "session.changed"]


def test_lost_leave_is_found(identity: str, room: UUID, livekit: FakeLiveKit) -> None:
    livekit.join(room, identity)
    reconcile_all()
    _age()
    livekit.leave(room, identity)
    reconcile_all()
    assert Connection.objects.get().left_reason == "lost"
    assert Session.objects.get().empty_since is not None


def test_media_server_that_forgot_everything_leaves_nobody_in_the_call(
    identity: str, room: UUID, livekit: FakeLiveKit
) -> None:
    livekit.join(room, identity)
    reconcile_all()
    _age()
    livekit.made.clear()
    livekit.people_in.clear()
    reconcile_all()
    assert not Connection.objects.in_call().exists()
    assert Participant.objects.get(connections__identity=identity).state == "admitted"


def test_unknown_identity_is_removed(room: UUID, livekit: FakeLiveKit) -> None:
    livekit.join(room, "ghost.1234")
    reconcile_all()
    assert livekit.removed == ["ghost.1234"]


def test_identity_that_was_taken_over_is_removed(
    guest: Person, slug: str, identity: str, room: UUID, livekit: FakeLiveKit, commits: Callable
) -> None:
    livekit.join(room, identity)
    reconcile_all()
    newer = guest.post(f"sessions/{slug}/token/").json()["identity"]
    _age()
    livekit.join(room, newer, "PA_2")
    with commits():
        reconcile_all()
    assert livekit.removed == [identity]
    assert Connection.objects.in_call().get().identity == newer


def test_identity_with_an_older_token_is_removed(
    guest: Person, slug: str, identity: str, room: UUID, livekit: FakeLiveKit, commits: Callable
) -> None:
    guest.post(f"sessions/{slug}/token/")
    livekit.join(room, identity)
    with commits():
        reconcile_all()
    assert livekit.removed == [identity]
    assert not Connection.objects.exists()


def test_room_with_people_in_it_need_not_be_made_for_the_next_one(
    guest: Person, slug: str, identity: str, room: UUID, livekit: FakeLiveKit
) -> None:
    room_is_gone(room)
    livekit.join(room, identity)
    reconcile_all()
    guest.post(f"sessions/{slug}/token/")
    assert livekit.asked_for == [room]  # with the first token


def test_room_that_livekit_has_lost_is_made_for_the_next_one(
    guest: Person, slug: str, identity: str, room: UUID, livekit: FakeLiveKit
) -> None:
    livekit.join(room, identity)
    reconcile_all()
    _age()
    livekit.made.clear()
    livekit.people_in.clear()
    reconcile_all()
    guest.post(f"sessions/{slug}/token/")
    assert livekit.asked_for == [room, room]


def test_room_of_an_ended_session_is_closed(
    host: Person, slug: str, room: UUID, livekit: FakeLiveKit
) -> None:
    host.post(f"sessions/{slug}/end/")
    reconcile_all()
    assert livekit.closed == [room]


def test_room_of_a_deleted_session_is_closed(db: None, livekit: FakeLiveKit) -> None:
    deleted = UUID("00000000-0000-4000-8000-000000000000")
    livekit.join(deleted, "someone")
    reconcile_all()
    assert livekit.closed == [deleted]


def test_session_that_cannot_be_repaired_stops_no_other(
    identity: str, room: UUID, livekit: FakeLiveKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Session.objects.get(slug=Person("192.0.2.9").start()).pk
    livekit.join(broken, "ghost")
    livekit.join(room, identity)
    people = livekit.people

    def fail_for_one(asked: UUID) -> list:
        if asked == broken:
            raise LiveKitUnavailable
        return people(asked)

    monkeypatch.setattr(door, "people", fail_for_one)
    reconcile_all()
    assert Connection.objects.in_call().count() == 1


def test_seat_nobody_came_back_to_is_given_up(
    guest: Person, identity: str, livekit: FakeLiveKit, pushes: list, commits: Callable
) -> None:
    reconcile_all()
    assert Participant.objects.get(pk=guest.id).state == "admitted"
    Participant.objects.update(seat_held_until=datetime.now(UTC) - timedelta(seconds=1))
    with commits():
        reconcile_all()
    assert Participant.objects.get(pk=guest.id).state == "left"
    assert [event for _group, event, _payload in pushes] == ["participant.left"]


def test_seat_of_who_is_in_the_call_is_never_given_up(
    guest: Person, identity: str, room: UUID, livekit: FakeLiveKit
) -> None:
    livekit.join(room, identity)
    reconcile_all()
    Participant.objects.update(seat_held_until=None)
    reconcile_all()
    assert Participant.objects.get(pk=guest.id).state == "admitted"


def test_media_server_that_is_away_changes_nothing(identity: str, room: UUID, livekit: FakeLiveKit) -> None:
    livekit.join(room, identity)
    reconcile_all()
    _age()
    livekit.is_away = True
    reconcile_all()
    assert Connection.objects.in_call().count() == 1


def test_join_of_this_moment_is_not_taken_for_a_ghost(
    guest: Person, slug: str, identity: str, room: UUID, livekit: FakeLiveKit
) -> None:
    livekit.join(room, identity)
    reconcile_all()  # its row has just been written
    livekit.leave(room, identity)
    reconcile_all()
    assert Connection.objects.in_call().count() == 1
