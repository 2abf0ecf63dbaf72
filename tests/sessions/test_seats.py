"""The last seat is given once, however many hands reach for it at the same moment."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from sessions.models import Participant, Session
from tests.fakes import FakeLiveKit
from tests.helpers import Person, code_of, new_key


def _at_once(action: object, count: int) -> list:
    def run(number: int) -> object:
        try:
            return action(number)  # type: ignore[operator]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.mark.django_db(transaction=True)
def test_forty_joins_at_once_take_exactly_the_free_seats() -> None:
    slug = Person().start(max_participants=2)
    answers = _at_once(lambda number: Person(f"192.0.2.{number}").join(slug, f"Guest {number}"), 40)
    assert Counter(answer.status_code for answer in answers) == {200: 2, 409: 38}
    assert {code_of(answer)[1] for answer in answers if answer.status_code == 409} == {"session_full"}
    session = Session.objects.get(slug=slug)
    assert session.participants.seated(timezone.now()).count() == 2


@pytest.mark.django_db(transaction=True)
def test_same_join_sent_twenty_times_at_once_is_one_person() -> None:
    slug, key = Person().start(), new_key()
    answers = _at_once(
        lambda number: Person(f"192.0.2.{number}").join(slug, "Dana", **{"Idempotency-Key": key}), 20
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["participant"]["id"] for answer in answers}) == 1
    assert Participant.objects.filter(display_name="Dana").count() == 1


@pytest.mark.django_db(transaction=True)
def test_same_start_sent_twenty_times_at_once_is_one_session() -> None:
    key = new_key()
    answers = _at_once(
        lambda number: Person(f"192.0.2.{number}").post(
            "sessions/", {"display_name": "Marta"}, **{"Idempotency-Key": key}
        ),
        20,
    )
    assert {answer.status_code for answer in answers} == {201}
    assert Session.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_sessions_at_once_with_a_rigged_source_have_twenty_codes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from sessions import models  # noqa: PLC0415 -- leaf

    drawn = iter(["aaaa-bbbb-cccc"] * 7)
    monkeypatch.setattr("sessions.services.sessions.new_slug", lambda: next(drawn, None) or models.new_slug())
    answers = _at_once(
        lambda number: Person(f"192.0.2.{number}").post("sessions/", {"display_name": "M"}), 20
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["session"]["slug"] for answer in answers}) == 20


def test_seat_of_a_person_who_never_connects_is_free_after_a_minute(
    host: Person, guest: Person, mallory: Person
) -> None:
    slug = host.start(max_participants=1)
    guest.join(slug)
    assert code_of(mallory.join(slug)) == (409, "session_full")
    Participant.objects.filter(pk=guest.id).update(seat_held_until=timezone.now() - timedelta(seconds=1))
    assert mallory.join(slug).status_code == 200


def test_person_who_lost_the_seat_takes_a_free_one_with_the_next_token(
    host: Person,
    guest: Person,
    mallory: Person,
    livekit: FakeLiveKit,
    pushes: list,
    commits: Callable,
) -> None:
    slug = host.start(max_participants=1)
    guest.join(slug)
    Participant.objects.filter(pk=guest.id).update(state="left", seat_held_until=None)
    mallory.join(slug)
    assert code_of(guest.post(f"sessions/{slug}/token/")) == (409, "session_full")
    mallory.post(f"sessions/{slug}/leave/")
    pushes.clear()
    with commits():
        assert guest.post(f"sessions/{slug}/token/").status_code == 200
    assert [event for _group, event, _payload in pushes] == ["participant.changed"]
    assert Participant.objects.get(pk=guest.id).state == "admitted"


def test_who_was_away_too_long_comes_back_to_a_seat_that_nobody_took(
    host: Person, guest: Person, livekit: FakeLiveKit
) -> None:
    slug = host.start(max_participants=1)
    guest.join(slug)
    Participant.objects.filter(pk=guest.id).update(seat_held_until=timezone.now() - timedelta(seconds=1))
    assert guest.post(f"sessions/{slug}/token/").status_code == 200


def test_who_was_away_too_long_finds_the_seat_taken_by_who_needed_it(
    host: Person, guest: Person, mallory: Person, livekit: FakeLiveKit, pushes: list, commits: Callable
) -> None:
    slug = host.start(max_participants=1)
    guest.join(slug)
    Participant.objects.filter(pk=guest.id).update(seat_held_until=timezone.now() - timedelta(seconds=1))
    pushes.clear()
    with commits():
        assert mallory.join(slug).status_code == 200
    assert [event for _group, event, _payload in pushes] == ["participant.left", "participant.changed"]
    assert code_of(guest.post(f"sessions/{slug}/token/")) == (409, "session_full")


def test_who_is_in_the_call_keeps_the_seat_however_long(
    host: Person, guest: Person, mallory: Person, livekit: FakeLiveKit
) -> None:
    slug = host.start(max_participants=1)
    guest.join(slug)
    guest.come_in(slug)
    Participant.objects.filter(pk=guest.id).update(seat_held_until=timezone.now() - timedelta(hours=1))
    assert code_of(mallory.join(slug)) == (409, "session_full")
    assert guest.post(f"sessions/{slug}/token/").status_code == 200
