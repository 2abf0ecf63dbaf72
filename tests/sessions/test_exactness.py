"""Who was there and for how long comes out right, whatever the order and the clock of LiveKit's news."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.utils import timezone

from sessions import livekit as door
from sessions.errors import LiveKitUnavailable
from sessions.models import Connection, Participant, Session, minted_at, new_identity
from sessions.services import connections, reconciliation
from sessions.services.connections import connection_joined, connection_left
from sessions.services.reconciliation import reconcile_all, release_seats
from sessions.services.statistics import statistics_of
from tests.fakes import FakeLiveKit
from tests.helpers import Person

pytestmark = pytest.mark.usefixtures("livekit")


@pytest.fixture
def clock(time_machine: Any) -> Any:
    time_machine.move_to("2026-03-01T10:00:00Z", tick=False)
    return time_machine


def _tell(news: Callable, slug: str, identity: str, sid: str, ago: float = 0.0) -> None:
    session = Session.objects.get(slug=slug)
    news(room=str(session.pk), identity=identity, sid=sid, at=timezone.now() - timedelta(seconds=ago))


def _figures(slug: str) -> Any:
    return statistics_of(Session.objects.get(slug=slug))


def test_time_away_counts_for_nobody(db: None, clock: Any, livekit: FakeLiveKit) -> None:
    host, bea, cleo = (Person(f"203.0.113.{number}") for number in (1, 2, 3))
    slug = host.start(max_participants=2)
    for person, name in ((host, "Marta"), (bea, "Bea")):
        person.join(slug, name)
    host.come_in(slug)
    identity = bea.come_in(slug)
    clock.shift(10)
    _tell(connection_left, slug, identity, Connection.objects.get(identity=identity).livekit_sid)
    clock.shift(70)
    cleo.join(slug, "Cleo")
    cleo.come_in(slug)
    clock.shift(30)
    cleo.post(f"sessions/{slug}/leave/")
    clock.shift(10)
    _tell(connection_joined, slug, identity, "PA_again")
    clock.shift(5)
    figures = _figures(slug)
    seconds = {person.participant.display_name: person.in_call_seconds for person in figures.participants}
    assert (figures.peak, seconds) == (2, {"Marta": 125.0, "Bea": 15.0, "Cleo": 30.0})


@pytest.mark.parametrize("behind", [0.9, 20.0, -20.0], ids=["whole seconds", "slow clock", "fast clock"])
def test_who_comes_after_another_has_left_is_never_there_together(
    db: None, clock: Any, livekit: FakeLiveKit, behind: float
) -> None:
    host, bea = Person("203.0.113.1"), Person("203.0.113.2")
    slug = host.start(max_participants=1)
    host.join(slug, "Marta")
    host.come_in(slug)
    clock.shift(60)
    host.post(f"sessions/{slug}/leave/")
    bea.join(slug, "Bea")
    identity = bea.post(f"sessions/{slug}/token/").json()["identity"]
    _tell(connection_joined, slug, identity, "PA_b", ago=behind)
    assert _figures(slug).peak == 1


def test_late_join_of_an_older_stay_changes_nothing(
    guest: Person, slug: str, clock: Any, livekit: FakeLiveKit
) -> None:
    guest.join(slug)
    identity = guest.post(f"sessions/{slug}/token/").json()["identity"]
    clock.shift(30)
    _tell(connection_joined, slug, identity, "PA_2", ago=5)
    _tell(connection_joined, slug, identity, "PA_1", ago=25)
    _tell(connection_left, slug, identity, "PA_1", ago=15)
    row = Connection.objects.get()
    assert (row.livekit_sid, row.left_at, row.interruptions) == ("PA_2", None, 0)


def test_join_that_is_told_while_livekit_is_compared_is_no_ghost(
    guest: Person, slug: str, livekit: FakeLiveKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest.join(slug)
    identity = guest.post(f"sessions/{slug}/token/").json()["identity"]
    session = Session.objects.get(slug=slug)
    livekit.made.add(session.pk)

    def nobody_yet(room: object) -> list:
        guest.come_in(slug, identity)
        return []

    monkeypatch.setattr(door, "people", nobody_yet)
    reconcile_all()
    assert Connection.objects.get().left_at is None


def test_leave_that_is_told_while_livekit_is_compared_leaves_no_ghost(
    guest: Person, slug: str, livekit: FakeLiveKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest.join(slug)
    identity = guest.come_in(slug)
    sid = Connection.objects.get().livekit_sid
    Connection.objects.update(updated_at=timezone.now() - timedelta(seconds=30))
    livekit.join(Session.objects.get(slug=slug).pk, identity, sid)
    compare = reconciliation._compare_people

    def leave_and_compare(*arguments: Any) -> None:
        _tell(connection_left, slug, identity, sid)
        compare(*arguments)

    monkeypatch.setattr(reconciliation, "_compare_people", leave_and_compare)
    reconcile_all()
    row = Connection.objects.get()
    assert (row.left_reason, row.interruptions) == ("lost", 0)


def test_room_that_cannot_be_closed_stops_no_repair(
    guest: Person, slug: str, livekit: FakeLiveKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest.join(slug)
    identity = guest.post(f"sessions/{slug}/token/").json()["identity"]
    livekit.join(Session.objects.get(slug=slug).pk, identity, "PA_7")
    livekit.made.add(uuid4())  # of a session that was deleted

    def refuse(room: object) -> None:
        raise LiveKitUnavailable

    monkeypatch.setattr(door, "close_room", refuse)
    reconcile_all()
    assert Connection.objects.in_call().count() == 1


def test_session_whose_lock_is_held_keeps_no_other_seat(
    guest: Person, mallory: Person, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest.join(slug)
    mallory.join(mallory.start(), "Mallory")
    held = Participant.objects.get(pk=guest.id).session_id
    long_ago = timezone.now() - timedelta(minutes=1)
    Participant.objects.update(seat_held_until=long_ago)
    Participant.objects.filter(pk=guest.id).update(seat_held_until=long_ago - timedelta(seconds=1))
    lock = reconciliation.lock_session

    def lock_or_give_up(session_id: object) -> Session:
        if session_id == held:
            raise OperationalError("canceling statement due to lock timeout")
        return lock(session_id)  # type: ignore[arg-type]

    monkeypatch.setattr(reconciliation, "lock_session", lock_or_give_up)
    release_seats()
    states = dict(Participant.objects.values_list("display_name", "state"))
    assert (states["Dana"], states["Mallory"]) == ("admitted", "left")


def test_who_leaves_after_the_seat_was_lost_keeps_no_token(
    guest: Person, slug: str, livekit: FakeLiveKit, commits: Callable
) -> None:
    guest.join(slug)
    identity = guest.post(f"sessions/{slug}/token/").json()["identity"]
    Participant.objects.filter(pk=guest.id).update(state="left", seat_held_until=None)
    assert guest.post(f"sessions/{slug}/leave/").status_code == 204
    with commits():
        guest.come_in(slug, identity)
    assert livekit.removed == [identity]
    assert Participant.objects.get(pk=guest.id).state == "left"


def test_newer_identity_is_the_greater_string_whatever_the_clocks(
    guest: Person, slug: str, clock: Any, livekit: FakeLiveKit
) -> None:
    guest.join(slug)
    identities = []
    for seconds in (1, 0, -30):
        clock.shift(seconds)
        identities.append(guest.post(f"sessions/{slug}/token/").json()["identity"])
    assert identities == sorted(identities)
    assert len(set(identities)) == 3


def test_of_two_tokens_at_one_moment_the_greater_identity_stays(
    guest: Person, slug: str, livekit: FakeLiveKit, pushes: list, commits: Callable,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    guest.join(slug)
    guest.post(f"sessions/{slug}/token/")
    given: list[str] = []

    def another_tab_first(participant: Participant) -> str:
        identity = new_identity(participant)
        if not given:
            given.append(identity)
            other = Participant.objects.select_related("session").get(pk=participant.pk)
            other.identity = identity  # its clock is ahead
            given.append(connections.mint_token(participant=other).identity)
        return identity

    monkeypatch.setattr(connections, "new_identity", another_tab_first)
    with commits():
        mine = guest.post(f"sessions/{slug}/token/").json()["identity"]
    assert mine > given[1] > given[0]
    assert Participant.objects.get(pk=guest.id).identity == mine
    told = [payload["identity"] for _group, event, payload in pushes if event == "connection.superseded"]
    assert max(told) == mine


@pytest.mark.parametrize("identity", ["", "x", "x.y", "x.0123456789ab", "x.zzzzzzzzzzzz01234567"])
def test_identity_that_tells_no_moment_has_none(identity: str) -> None:
    assert minted_at(identity) is None
