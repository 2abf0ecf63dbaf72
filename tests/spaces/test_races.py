"""What must hold when many reach for the same thing at the same moment."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import OperationalError, connections

from identity.models import User
from nonza.errors import NonzaError
from spaces.models import Channel, Invitation, Membership, Space
from spaces.services.channels import create_channel, move_channel
from spaces.services.invitations import accept_invitation
from spaces.services.members import hand_over, leave_space, remove_member
from spaces.services.spaces import create_space, delete_space
from tests.factories import make_channel, make_space, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*actions: Callable[[], Any]) -> list[str]:
    """Do all of them at the same moment; return `done` or the code of the refusal for each.

    Who waits too long for a lock hears 503 over HTTP, and tries again.
    """

    def run(action: Callable[[], Any]) -> str:
        try:
            action()
        except OperationalError:
            connections.close_all()
            return run(action)
        except NonzaError as refusal:
            return refusal.code
        else:
            return "done"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


@pytest.fixture
def owner() -> User:
    return make_user("alice@example.org", "Alice")


@pytest.fixture
def space(owner: User) -> Space:
    return make_space("Northlight Ferries", owner=owner)


@pytest.mark.parametrize("uses", [1, 3])
def test_invitation_lets_in_exactly_as_many_as_it_says(space: Space, uses: int) -> None:
    invitation = Invitation.objects.create(space=space, max_uses=uses)
    users = [make_user(f"{number}@example.org") for number in range(20)]
    answers = at_once(
        *[
            lambda user=user, ip=f"192.0.2.{number}": accept_invitation(
                actor=user, token=invitation.token, ip=ip
            )
            for number, user in enumerate(users)
        ]
    )
    assert Counter(answers) == {"done": uses, "invitation_not_found": 20 - uses}
    assert space.memberships.count() == 1 + uses
    invitation.refresh_from_db()
    assert invitation.uses == uses


def test_same_person_accepting_ten_times_at_once_is_one_member_and_one_use(space: Space) -> None:
    invitation = Invitation.objects.create(space=space, max_uses=5)
    user = make_user("bob@example.org")
    accept = [lambda: accept_invitation(actor=user, token=invitation.token, ip="192.0.2.1")] * 10
    assert set(at_once(*accept)) == {"done"}
    invitation.refresh_from_db()
    assert (invitation.uses, space.memberships.count()) == (1, 2)


def test_of_two_last_spaces_one_stays(owner: User, space: Space) -> None:
    other = make_space("Other", owner=owner)
    answers = at_once(
        lambda: delete_space(actor=User.objects.get(pk=owner.pk), space_id=space.pk),
        lambda: delete_space(actor=User.objects.get(pk=owner.pk), space_id=other.pk),
    )
    assert sorted(answers) == ["done", "last_space"]
    assert User.objects.get(pk=owner.pk).active_space == Space.objects.get()


def test_deleting_once_more_finds_nothing(owner: User, space: Space) -> None:
    make_space("Other", owner=owner)
    delete = [lambda: delete_space(actor=User.objects.get(pk=owner.pk), space_id=space.pk)] * 5
    assert Counter(at_once(*delete)) == {"done": 1, "space_not_found": 4}


def test_who_is_thrown_out_everywhere_at_once_has_one_own_space(owner: User) -> None:
    bob = make_user("bob@example.org", "Bob")
    places = [make_space(f"Place {number}", owner=owner, others={bob: "member"}) for number in range(4)]
    answers = at_once(
        *[
            lambda place=place: remove_member(
                actor=User.objects.get(pk=owner.pk),
                space_id=place.pk,
                member_id=place.memberships.get(user=bob).pk,
            )
            for place in places
        ]
    )
    assert set(answers) == {"done"}
    own = Membership.objects.get(user=bob)
    assert own.role == "owner"
    assert User.objects.get(pk=bob.pk).active_space == own.space


def test_who_is_removed_while_leaving_has_one_own_space(owner: User, space: Space) -> None:
    bob = make_user("bob@example.org", "Bob")
    member = Membership.objects.create(space=space, user=bob)
    answers = at_once(
        lambda: leave_space(actor=User.objects.get(pk=bob.pk), space_id=space.pk),
        lambda: remove_member(actor=owner, space_id=space.pk, member_id=member.pk),
    )
    assert "done" in answers
    assert set(answers) <= {"done", "space_not_found", "member_not_found"}
    assert Membership.objects.get(user=bob).role == "owner"


def test_space_handed_to_many_at_once_has_one_owner(owner: User, space: Space) -> None:
    members = [
        Membership.objects.create(space=space, user=make_user(f"{number}@example.org")) for number in range(6)
    ]
    answers = at_once(
        *[
            lambda member=member: hand_over(actor=owner, space_id=space.pk, member_id=member.pk)
            for member in members
        ]
    )
    assert Counter(answers) == {"done": 1, "not_owner": 5}
    assert space.memberships.filter(role="owner").count() == 1
    assert space.memberships.get(user=owner).role == "moderator"


def test_space_handed_to_somebody_who_leaves_keeps_an_owner(owner: User, space: Space) -> None:
    bob = make_user("bob@example.org")
    member = Membership.objects.create(space=space, user=bob)
    answers = at_once(
        lambda: hand_over(actor=owner, space_id=space.pk, member_id=member.pk),
        lambda: leave_space(actor=User.objects.get(pk=bob.pk), space_id=space.pk),
    )
    assert answers in (["done", "owner_must_stay"], ["member_not_found", "done"])
    assert space.memberships.filter(role="owner").count() == 1


def test_who_accepts_while_the_space_is_deleted_is_no_ghost(owner: User, space: Space) -> None:
    make_space("Other", owner=owner)
    users = [make_user(f"{number}@example.org", f"Guest {number}") for number in range(6)]
    for user in users:
        make_space("Own", owner=user)
    invitation = Invitation.objects.create(space=space)
    answers = at_once(
        lambda: delete_space(actor=owner, space_id=space.pk),
        *[
            lambda user=user: accept_invitation(actor=user, token=invitation.token, ip="192.0.2.1")
            for user in users
        ],
    )
    assert answers[0] == "done"
    assert set(answers[1:]) <= {"done", "invitation_not_found"}
    for user in users:
        assert User.objects.get(pk=user.pk).active_space in Space.objects.filter(memberships__user=user)


def test_limit_of_spaces_is_exact(owner: User, settings: Any) -> None:
    settings.SPACES_PER_USER = 3
    answers = at_once(*[lambda: create_space(actor=owner, name="One of many")] * 8)
    assert Counter(answers) == {"done": 3, "too_many_spaces": 5}


def test_limit_of_channels_is_exact(owner: User, space: Space, settings: Any) -> None:
    settings.CHANNELS_PER_SPACE = 3
    make = [lambda: create_channel(actor=owner, space_id=space.pk, type="voice", name="Galley")] * 8
    assert Counter(at_once(*make)) == {"done": 3, "too_many_channels": 5}
    assert sorted(Channel.objects.values_list("position", flat=True)) == [0, 1, 2]


def test_channels_moved_at_once_keep_one_order(owner: User, space: Space) -> None:
    made = [make_channel(space, f"Channel {number}") for number in range(5)]
    moves = [
        lambda channel=channel: move_channel(actor=owner, channel_id=channel.pk, position=0)
        for channel in made
    ]
    assert set(at_once(*moves)) == {"done"}
    assert sorted(Channel.objects.values_list("position", flat=True)) == [0, 1, 2, 3, 4]
