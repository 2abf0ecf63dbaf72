"""A person's own news: kept, counted, read, muted, and forgotten after 90 days."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from identity.models import User
from spaces import tasks
from spaces.models import Invitation, Membership, Notification, Space
from spaces.services.notifications import mark_read, notify, notify_members_soon, unread_count
from tests.helpers import Person

CALL, RENAMED = Notification.Kind.CALL_STARTED, Notification.Kind.RENAMED


def tell(people: list[Person], kind: str = RENAMED, **more: Any) -> list[Notification]:
    return notify(users=[person.user for person in people], kind=kind, content={"note": "x"}, **more)


def test_news_are_pushed_with_how_many_are_unread(
    bob: Person, mona: Person, space: Space, pushes: list, commits: Any
) -> None:
    tell([bob])
    with commits():
        news = tell([bob, mona], space=space)
    unread = {group: payload["unread"] for group, event, payload in pushes}
    assert unread == {f"user:{bob.user.pk}": 2, f"user:{mona.user.pk}": 1}
    assert pushes[0][2]["notification"] == bob.get("notifications/").json()["results"][0]
    assert pushes[0][2]["notification"]["id"] == str(news[0].pk)


def test_nothing_is_told_of_what_did_not_happen(
    bob: Person, space: Space, pushes: list, commits: Any
) -> None:
    with commits(), transaction.atomic():
        tell([bob])
        transaction.set_rollback(True)
    assert pushes == []
    assert not Notification.objects.exists()


def test_muted_space_tells_of_no_calls_but_of_everything_else(
    bob: Person, mona: Person, space: Space
) -> None:
    Membership.objects.filter(user=bob.user).update(muted=True)
    tell([bob, mona], CALL, space=space)
    tell([bob, mona], RENAMED, space=space)
    kinds = list(Notification.objects.filter(user=bob.user).values_list("kind", flat=True))
    assert kinds == [RENAMED]
    assert Notification.objects.filter(user=mona.user).count() == 2


def test_worker_tells_all_members_but_one(
    alice: Person, mona: Person, bob: Person, stranger: Person, space: Space, commits: Any
) -> None:
    with commits():
        notify_members_soon(space_id=space.pk, kind=CALL, content={"title": "Watch"}, but=alice.user)
    told = set(Notification.objects.values_list("user__display_name", flat=True))
    assert told == {"Mona", "Bob"}
    tasks.notify_members(str(uuid4()), CALL, {}, None)  # the space is gone meanwhile


def test_telling_a_thousand_asks_little(
    space: Space, bob: Person, django_assert_max_num_queries: Any
) -> None:
    users = User.objects.bulk_create([User(email=f"{number}@example.org") for number in range(1000)])
    with django_assert_max_num_queries(14):  # SQLite takes 124 rows at a time
        assert len(notify(users=users, kind=CALL, content={}, space=space)) == 1000


def test_list_shows_ones_own_newest_first(bob: Person, mona: Person, space: Space) -> None:
    first, second = tell([bob])[0], tell([bob], space=space)[0]
    tell([mona])
    mark_read(actor=bob.user, ids=[first.pk])
    results = bob.get("notifications/").json()["results"]
    assert [row["id"] for row in results] == [str(second.pk), str(first.pk)]
    assert results[0]["space_id"] == str(space.pk)
    unread = bob.get("notifications/?unread=1").json()["results"]
    assert [row["id"] for row in unread] == [str(second.pk)]


@pytest.mark.parametrize("count", [1, 30])
def test_list_asks_as_little_for_many(
    bob: Person, space: Space, django_assert_num_queries: Any, count: int
) -> None:
    for _count in range(count):
        tell([bob], space=space)
    with django_assert_num_queries(3):  # login session, user, news
        assert len(bob.get("notifications/").json()["results"]) == count


def test_one_reads_ones_own_news_alone(
    bob: Person, mona: Person, space: Space, pushes: list, commits: Any
) -> None:
    mine, foreign = tell([bob, bob])[0], tell([mona])[0]
    with commits():
        answer = bob.post("notifications/read/", {"ids": [str(mine.pk), str(foreign.pk), str(uuid4())]})
    assert answer.json() == {"unread": 1}
    assert pushes == [(f"user:{bob.user.pk}", "notifications.read", {"unread": 1})]
    assert unread_count(mona.user) == 1
    assert bob.post("notifications/read/", {"all": True}).json() == {"unread": 0}


def test_reading_twice_is_told_once(bob: Person, space: Space, pushes: list, commits: Any) -> None:
    tell([bob])
    with commits():
        bob.post("notifications/read/", {"all": True})
    with commits():
        bob.post("notifications/read/", {"all": True})
    assert [event for _group, event, _payload in pushes] == ["notifications.read"]


@pytest.mark.parametrize("body", [{}, {"all": False}, {"ids": ["x"]}, {"ids": [str(uuid4())] * 201}])
def test_reading_names_what_was_read(bob: Person, space: Space, body: dict[str, Any]) -> None:
    assert bob.post("notifications/read/", body).json()["code"] == "invalid"


def test_old_news_and_closed_invitations_are_forgotten(bob: Person, space: Space) -> None:
    old, young = tell([bob])[0], tell([bob])[0]
    closed, still_open = (Invitation.objects.create(space=space) for _count in range(2))
    long_ago = timezone.now() - timedelta(days=90, seconds=1)
    Notification.objects.filter(pk=old.pk).update(created_at=long_ago)
    Invitation.objects.update(updated_at=long_ago)
    Invitation.objects.filter(pk=closed.pk).update(revoked_at=long_ago)
    tasks.purge()
    assert list(Notification.objects.all()) == [young]
    assert list(Invitation.objects.all()) == [still_open]


def test_task_that_runs_again_tells_nobody_twice(alice: Person, bob: Person, space: Space) -> None:
    assert alice.user
    content = {"title": "Watch", "session_id": str(uuid4())}
    for _run in range(2):
        tasks.notify_members(str(space.pk), CALL, content, str(alice.user.pk))
    assert Notification.objects.filter(user=bob.user, kind=CALL).count() == 1
    tasks.notify_members(str(space.pk), CALL, {**content, "session_id": str(uuid4())}, str(alice.user.pk))
    assert Notification.objects.filter(user=bob.user, kind=CALL).count() == 2
