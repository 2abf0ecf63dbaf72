"""The locks under which the rules of spaces are exact.

One order everywhere, so that nobody waits in a circle: the space, then users by their id, then
memberships, then what apps above lock. Whatever counts or changes what is in a space holds the space;
whatever counts or changes a person's spaces holds the person. On SQLite the one writer holds everything.
"""

from collections.abc import Iterable
from uuid import UUID

from identity.models import User
from spaces.errors import SpaceNotFound
from spaces.models import Membership, Space


def lock_space(space_id: UUID) -> Space:
    """Return the space's row, locked until the transaction ends; raises SpaceNotFound if it is gone."""
    space = Space.objects.select_for_update(no_key=True).filter(pk=space_id).first()
    if space is None:
        raise SpaceNotFound
    return space


def lock_users(user_ids: Iterable[UUID]) -> list[User]:
    """Return the rows of these users, locked until the transaction ends."""
    return list(User.objects.select_for_update(no_key=True).filter(pk__in=list(user_ids)).order_by("pk"))


def lock_members(space: Space) -> None:
    """Lock all memberships of a space: whoever comes into one of its calls holds theirs, then the call."""
    list(space.memberships.select_for_update().order_by("pk").values_list("pk"))


def lock_membership(actor: User, space_id: UUID) -> Membership:
    """Lock the space and return the actor's membership in it; raises SpaceNotFound to a stranger."""
    if not Membership.objects.filter(space=space_id, user=actor).exists():
        raise SpaceNotFound  # strangers wait for no lock, and hold up nobody
    space = lock_space(space_id)
    membership = Membership.objects.select_related("user").filter(space=space, user=actor).first()
    if membership is None:
        raise SpaceNotFound
    membership.space = space
    return membership
