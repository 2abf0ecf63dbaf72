"""What sessions do about news of people and spaces, and what they add to a space's sidebar."""

from typing import Any

from django.dispatch import receiver

from identity.models import User
from identity.signals import guest_became_user, user_disabled, user_logged_out_everywhere
from sessions.services import channels, following
from sessions.services.faces import calls_of
from spaces.models import Channel, Membership, Space
from spaces.signals import (
    channel_changed,
    channel_deleting,
    membership_changed,
    membership_ended,
    sidebar_assembling,
    space_deleting,
)


@receiver(membership_changed)
def _membership_changed(membership: Membership, **_kwargs: Any) -> None:
    following.membership_has_changed(membership)


@receiver(membership_ended)
def _membership_ended(user: User, space: Space, **_kwargs: Any) -> None:
    following.membership_has_ended(user, space)


@receiver(channel_changed)
def _channel_changed(channel: Channel, **_kwargs: Any) -> None:
    channels.channel_has_changed(channel)


@receiver(channel_deleting)
def _channel_deleting(channel: Channel, **_kwargs: Any) -> None:
    channels.end_call_of(channel)


@receiver(space_deleting)
def _space_deleting(space: Space, **_kwargs: Any) -> None:
    following.space_goes(space)


@receiver([user_disabled, user_logged_out_everywhere])
def _logins_have_ended(user: User, **_kwargs: Any) -> None:
    following.logins_have_ended(user)


@receiver(guest_became_user)
def _guest_became_user(user: User, credential_hashes: list[str], **_kwargs: Any) -> None:
    following.guest_is_user(user, credential_hashes)


@receiver(sidebar_assembling)
def _sidebar_assembling(space: Space, **_kwargs: Any) -> dict[str, Any]:
    return calls_of(space)
