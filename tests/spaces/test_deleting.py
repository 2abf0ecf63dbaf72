"""Deleting a space: by its owner alone, never one's last, and nobody is left without one."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from identity.models import User
from spaces.errors import LastSpace, NotOwner, SpaceNotFound
from spaces.models import Membership, Notification, Space
from spaces.services.spaces import active_space_of, create_space, delete_space
from tests.factories import make_space
from tests.helpers import Person


@pytest.fixture
def second(alice: Person, space: Space) -> Space:
    """Another space of Alice's; the first one is her active one."""
    assert alice.user
    second = create_space(actor=alice.user, name="Second")
    alice.user.active_space = space
    alice.user.save()
    return second


@pytest.mark.parametrize("who", ["mona", "bob"])
def test_only_the_owner_deletes(request: pytest.FixtureRequest, space: Space, who: str) -> None:
    with pytest.raises(NotOwner):
        delete_space(actor=request.getfixturevalue(who).user, space_id=space.pk)


def test_stranger_does_not_learn_that_it_exists(stranger: Person, space: Space) -> None:
    with pytest.raises(SpaceNotFound):
        delete_space(actor=stranger.user, space_id=space.pk)


def test_last_space_stays(alice: Person, space: Space) -> None:
    with pytest.raises(LastSpace):
        delete_space(actor=alice.user, space_id=space.pk)
    assert Space.objects.filter(pk=space.pk).exists()


def test_active_space_moves_on_by_itself(alice: Person, space: Space, second: Space) -> None:
    delete_space(actor=alice.user, space_id=space.pk)
    assert alice.user.active_space == second
    assert active_space_of(User.objects.get(pk=alice.user.pk)) == second


def test_who_loses_the_last_one_gets_an_own_one(
    alice: Person,
    bob: Person,
    mona: Person,
    space: Space,
    second: Space,
    commits: Callable,
    pushes: list,
) -> None:
    Membership.objects.create(space=second, user=bob.user)
    with commits():
        delete_space(actor=alice.user, space_id=space.pk)
    mine = Membership.objects.get(user=mona.user)
    assert (mine.role, mine.space.name) == ("owner", "Space of Mona")
    assert User.objects.get(pk=mona.user.pk).active_space == mine.space
    assert User.objects.get(pk=bob.user.pk).active_space == second
    to_mona = [event for group, event, _payload in pushes if group == f"user:{mona.user.pk}"]
    assert to_mona == ["space.removed", "notification.created", "space.added"]
    assert (f"space:{space.pk}", "close", 4403) in pushes


def test_members_are_told_by_whom_it_was_deleted(
    alice: Person, mona: Person, space: Space, second: Space
) -> None:
    delete_space(actor=alice.user, space_id=space.pk)
    news = Notification.objects.get(user=mona.user)
    assert (news.kind, news.space) == ("space.deleted", None)
    assert news.content == {
        "space_id": str(space.pk),
        "space_name": "Northlight Ferries",
        "user_id": str(alice.user.pk),
        "display_name": "Alice",
    }
    assert not Notification.objects.filter(user=alice.user).exists()


def test_deleting_a_space_of_many_asks_as_little_as_of_few(alice: Person, second: Space) -> None:
    costs = []
    for count in (1, 30):
        many = make_space("Many", owner=alice.user)
        for number in range(count):
            user = User.objects.create_user(f"{count}-{number}@example.org", display_name="N")
            Membership.objects.create(space=many, user=user)
        with CaptureQueriesContext(connection) as queries:
            delete_space(actor=alice.user, space_id=many.pk)
        costs.append(len(queries))
    assert costs[0] == costs[1]
