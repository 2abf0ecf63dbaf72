"""News of the apps below: a right ends, and a channel goes, under the lock under which one writes."""

from typing import Any

from chat.services.log import lock_log
from spaces.models import Channel, Membership, Space


def on_membership_ended(space: Space, **_more: Any) -> None:
    """Whoever is out writes nothing from now on."""
    lock_log(space.pk)


def on_membership_changed(membership: Membership, **_more: Any) -> None:
    """Whoever is no moderator any more deletes nothing of others from now on."""
    lock_log(membership.space_id)


def on_channel_deleting(channel: Channel, **_more: Any) -> None:
    """Nothing is written into a channel that is being deleted."""
    lock_log(channel.space_id)


def on_space_deleting(space: Space, **_more: Any) -> None:
    """Nothing is written in a space that is being deleted."""
    lock_log(space.pk)
