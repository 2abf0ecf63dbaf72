"""Rows that tests begin with, made without the services that other tests are about."""

from identity.models import User
from spaces.models import Channel, Membership, Space


def make_user(email: str, display_name: str = "") -> User:
    """Return a user without a password."""
    return User.objects.create_user(email, display_name=display_name or email.partition("@")[0].title())


def make_space(name: str, *, owner: User, others: dict[User, str] | None = None) -> Space:
    """Return a space; it is the active one of all its members."""
    space = Space.objects.create(name=name)
    Membership.objects.create(space=space, user=owner, role=Membership.Role.OWNER)
    for user, role in (others or {}).items():
        Membership.objects.create(space=space, user=user, role=role)
    for user in (owner, *(others or {})):
        user.active_space = space
        user.save(update_fields=["active_space"])
    return space


def make_channel(
    space: Space, name: str = "Galley", *, kind: str = Channel.Type.VOICE, **fields: int
) -> Channel:
    """Return a channel at the end of the list."""
    return Channel.objects.create(
        space=space, name=name, type=kind, position=space.channels.count(), **fields
    )
