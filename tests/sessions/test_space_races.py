"""Races in sessions of spaces: one call for a channel, and no way in for who is just being put out."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection, connections, transaction

from identity.models import User
from sessions.models import Participant, Session
from sessions.services.seats import lock_session_of
from sessions.services.standing import hold_membership
from spaces.models import Membership
from spaces.services.channels import delete_channel
from spaces.services.members import remove_member
from spaces.services.spaces import delete_space
from tests.factories import make_channel, make_space, make_user
from tests.fakes import FakeLiveKit
from tests.helpers import Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("livekit")]

PEOPLE = 12


def at_once(*actions: Callable[[], Any]) -> list[Any]:
    """Do all of these at the same moment; return what came of each."""
    start = Barrier(len(actions))

    def run(action: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return action()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(actions)) as pool:
        return [future.result() for future in [pool.submit(run, action) for action in actions]]


def members(count: int) -> list[Person]:
    users = [make_user(f"m{number}@example.org") for number in range(count)]
    make_space("Fleet", owner=users[0], others=dict.fromkeys(users[1:], Membership.Role.MEMBER))
    return [Person(f"192.0.2.{number}").log_in(user) for number, user in enumerate(users)]


def user_of(person: Person) -> User:
    assert person.user
    return person.user


def space_of(person: Person) -> Any:
    return user_of(person).memberships.get().space


def test_channel_that_all_enter_at_once_has_one_call() -> None:
    people = members(PEOPLE)
    channel = make_channel(space_of(people[0]), max_participants=5)
    answers = at_once(*[lambda p=person: p.post(f"channels/{channel.pk}/join/") for person in people])
    assert Counter(answer.status_code for answer in answers) == {200: 5, 409: PEOPLE - 5}
    session = Session.objects.get()
    assert {answer.json()["session"]["id"] for answer in answers if answer.status_code == 200} == {
        str(session.pk)
    }
    assert Participant.objects.filter(state="admitted").count() == 5


def test_one_person_who_enters_many_times_at_once_has_one_place() -> None:
    person = members(1)[0]
    channel = make_channel(space_of(person))
    user = user_of(person)
    browsers = [Person(f"192.0.2.{number}").log_in(user) for number in range(8)]
    answers = at_once(*[lambda b=browser: b.post(f"channels/{channel.pk}/join/") for browser in browsers])
    assert {answer.status_code for answer in answers} == {200}
    assert Participant.objects.count() == 1


def test_call_that_ends_as_somebody_enters_is_followed_by_another(livekit: FakeLiveKit) -> None:
    from sessions.services.sessions import end_session  # noqa: PLC0415 -- leaf

    people = members(6)
    channel = make_channel(space_of(people[0]))
    for _round in range(5):
        people[0].post(f"channels/{channel.pk}/join/")
        live = Session.objects.active().get()
        enter = [lambda p=person: p.post(f"channels/{channel.pk}/join/") for person in people[1:]]
        answers = at_once(lambda s=live: end_session(session=s, reason="empty"), *enter)
        assert {answer.status_code for answer in answers[1:]} == {200}
        assert Session.objects.active().count() <= 1
        for session in Session.objects.active():
            end_session(session=session, reason="empty")


def test_who_is_removed_as_they_enter_is_not_inside_afterwards() -> None:
    people = members(6)
    owner, others = people[0], people[1:]
    space = space_of(owner)
    channel = make_channel(space)
    ids = {user_of(person).pk: space.memberships.get(user=person.user).pk for person in others}

    def remove(person: Person) -> None:
        remove_member(actor=user_of(owner), space_id=space.pk, member_id=ids[user_of(person).pk])

    actions: list[Callable[[], Any]] = []
    for person in others:
        actions.append(lambda p=person: p.post(f"channels/{channel.pk}/join/").status_code)
        actions.append(lambda p=person: remove(p))
    statuses = {status for status in at_once(*actions) if status is not None}
    assert statuses <= {200, 403, 404}
    assert not Participant.objects.filter(state="admitted").exists()
    assert not Membership.objects.filter(space=space, user__in=ids).exists()


def test_channel_that_is_deleted_as_people_enter_has_no_call_afterwards() -> None:
    people = members(5)
    space = space_of(people[0])
    for _round in range(3):
        channel = make_channel(space)
        enter = [
            lambda p=person, c=channel: p.post(f"channels/{c.pk}/join/").status_code for person in people
        ]
        answers = at_once(lambda c=channel: delete_channel(actor=user_of(people[0]), channel_id=c.pk), *enter)
        assert set(answers[1:]) <= {200, 404, 410}
        assert not Session.objects.active().exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="elsewhere there is one writer at a time")
def test_space_that_is_deleted_as_somebody_enters_a_call_waits_for_them_in_no_circle() -> None:
    owner, member = members(2)
    space = space_of(owner)
    make_space("Another", owner=user_of(owner))
    slug = owner.start("Owner", space=str(space.pk))
    holds, goes = Event(), Event()

    def enter() -> None:
        with transaction.atomic():
            hold_membership(slug, user_of(member))
            holds.set()
            assert goes.wait(10)
            assert lock_session_of(slug) is not None

    def delete() -> None:
        assert holds.wait(10)
        delete_space(actor=user_of(owner), space_id=space.pk)

    def watch() -> None:
        while not waiting():
            assert holds.wait(10)
        goes.set()

    at_once(enter, delete, watch)
    assert not Session.objects.exists()


def waiting() -> bool:
    """Say whether somebody waits for a lock of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])
