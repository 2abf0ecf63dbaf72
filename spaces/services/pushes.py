"""What members hear of their space, and a person of their spaces, over their sockets."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from nonza.realtime import (
    NOT_ALLOWED,
    broadcast_on_commit,
    close_on_commit,
    membership_group,
    space_group,
    user_group,
)
from spaces.models import Channel, Membership, Space
from spaces.serializers import channel_as_seen, member_as_seen, space_as_seen


def push_space(space: Space, member_ids: Iterable[UUID]) -> None:
    """Tell everybody who has the space open, and all pages of its members, what it is like now."""
    payload = {"space": space_as_seen(space)}
    broadcast_on_commit(space_group(space.pk), "space.changed", payload)
    for user_id in member_ids:
        broadcast_on_commit(user_group(user_id), "space.changed", payload)


def push_own_space(space: Space, user_id: UUID) -> None:
    """Tell a person's pages that one of their spaces has changed for them."""
    broadcast_on_commit(user_group(user_id), "space.changed", {"space": space_as_seen(space)})


def push_added(space: Space, user_id: UUID) -> None:
    """Tell a person's pages that they are in one more space."""
    broadcast_on_commit(user_group(user_id), "space.added", {"space": space_as_seen(space)})


def push_removed(space_id: UUID, user_ids: Iterable[UUID]) -> None:
    """Tell these people's pages that a space is none of theirs any more."""
    for user_id in user_ids:
        broadcast_on_commit(user_group(user_id), "space.removed", {"space_id": str(space_id)})


def push_member(verb: str, membership: Membership) -> None:
    """Tell everybody who has the space open that a member was `added` or `changed`."""
    payload = {"member": member_as_seen(membership)}
    broadcast_on_commit(space_group(membership.space_id), f"member.{verb}", payload)


def push_member_gone(membership: Membership) -> None:
    """Tell everybody that a member is gone, and let them hear nothing more."""
    payload: dict[str, Any] = {"id": str(membership.pk), "user_id": str(membership.user_id)}
    close_on_commit(membership_group(membership.pk), NOT_ALLOWED)
    broadcast_on_commit(space_group(membership.space_id), "member.removed", payload)


def push_silence(user_id: UUID, membership_ids: Iterable[UUID], code: int) -> None:
    """Close all sockets of a person who may hear nothing more, or not without logging in again."""
    close_on_commit(user_group(user_id), code)
    for membership_id in membership_ids:
        close_on_commit(membership_group(membership_id), code)


def push_space_gone(space_id: UUID) -> None:
    """Close the sockets of a space that was deleted."""
    close_on_commit(space_group(space_id), NOT_ALLOWED)


def push_channel(verb: str, channel: Channel) -> None:
    """Tell everybody who has the space open that a channel was `created` or `changed`."""
    broadcast_on_commit(
        space_group(channel.space_id), f"channel.{verb}", {"channel": channel_as_seen(channel)}
    )


def push_channel_gone(channel: Channel) -> None:
    """Tell everybody who has the space open that a channel was deleted."""
    broadcast_on_commit(space_group(channel.space_id), "channel.deleted", {"id": str(channel.pk)})
