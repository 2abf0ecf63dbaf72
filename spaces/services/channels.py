"""Channels: making, changing, ordering and deleting them."""

import logging
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet

from identity.models import User
from nonza.content_filter import Rules
from nonza.errors import Invalid
from spaces.errors import ChannelNotFound, ChannelTypeNotOffered, NotModerator, SpaceNotFound, TooManyChannels
from spaces.models import MAX_PARTICIPANTS, NAME_LENGTH, TOPIC_LENGTH, Channel, Membership, Space
from spaces.rules import can_moderate, channel_types_offered
from spaces.services.limits import checked_name, checked_text, limit_making
from spaces.services.locks import lock_membership, lock_space
from spaces.services.pushes import push_channel, push_channel_gone
from spaces.signals import channel_changed, channel_deleting, channel_page_assembling

logger = logging.getLogger(__name__)


def channels_of(space: Space) -> QuerySet[Channel]:
    """Return the channels of a space in their order, of the types that are offered."""
    shown = Channel.objects.filter(space=space, type__in=channel_types_offered())
    return shown.order_by("position", "created_at", "id")


def channel_for(*, actor: User, channel_id: UUID) -> tuple[Channel, Membership]:
    """Return a channel and the actor's membership in its space.

    Raises ChannelNotFound to a stranger, and of a text channel where there are no messages any more.
    """
    membership = (
        Membership.objects.select_related("space").filter(space__channels=channel_id, user=actor).first()
    )
    shown = Channel.objects.filter(pk=channel_id, type__in=channel_types_offered())
    channel = membership and shown.first()
    if not membership or not channel:
        raise ChannelNotFound
    membership.user = actor
    channel.space = membership.space
    return channel, membership


def create_channel(
    *,
    actor: User,
    space_id: UUID,
    type: str,  # noqa: A002 -- the field's name
    name: str,
    topic: str = "",
    max_participants: int | None = None,
) -> Channel:
    """Make a channel at the end of the list.

    Raises SpaceNotFound, NotModerator, ChannelTypeNotOffered, TooManyChannels, Invalid, MessageFiltered,
    RateLimited.
    """
    if max_participants is None:
        max_participants = settings.MAX_PARTICIPANTS
    fields = {"name": name, "topic": topic, "max_participants": max_participants}
    with transaction.atomic():
        membership = lock_membership(actor, space_id)
        if not can_moderate(membership):
            raise NotModerator
        if type not in channel_types_offered():
            raise ChannelTypeNotOffered
        fields = _checked(fields, membership.space.filter_rules)
        limit_making("channel", actor)
        others = Channel.objects.filter(space=space_id)
        if others.count() >= settings.CHANNELS_PER_SPACE:
            raise TooManyChannels
        last = others.aggregate(last=Max("position"))["last"]
        position = 0 if last is None else last + 1
        channel = Channel.objects.create(space=membership.space, type=type, position=position, **fields)
        push_channel("created", channel)
    return channel


@transaction.atomic
def change_channel(*, actor: User, channel_id: UUID, fields: dict[str, Any]) -> Channel:
    """Change name, topic or maximum of a channel; what is absent stays.

    Raises ChannelNotFound, NotModerator, Invalid, MessageFiltered.
    """
    channel = _lock_channel(actor, channel_id)
    save_channel(channel, fields)
    return channel


@transaction.atomic
def save_channel(channel: Channel, fields: dict[str, Any]) -> None:
    """Save what is to change of a channel, whoever may decide that, and tell the members."""
    for name, value in _checked(fields, channel.space.filter_rules).items():
        setattr(channel, name, value)
    channel.save(update_fields=[*fields, "updated_at"])
    channel_changed.send(Channel, channel=channel)
    push_channel("changed", channel)


@transaction.atomic
def move_channel(*, actor: User, channel_id: UUID, position: int) -> Channel:
    """Put a channel at a place in the list, counted from 0; too far is the end.

    Raises ChannelNotFound, NotModerator.
    """
    channel = _lock_channel(actor, channel_id)
    others = [other for other in channels_of(channel.space) if other.pk != channel.pk]
    others.insert(max(0, min(position, len(others))), channel)  # a list takes no number of any size
    moved = []
    for place, other in enumerate(others):
        if other.position != place:
            other.position = place
            moved.append(other)
    Channel.objects.bulk_update(moved, ["position"])
    if moved:
        push_channel("changed", channel)
    return channel


@transaction.atomic
def delete_channel(*, actor: User, channel_id: UUID) -> None:
    """Delete a channel and what is in it; raises ChannelNotFound, NotModerator."""
    end_channel(_lock_channel(actor, channel_id))


@transaction.atomic
def end_channel(channel: Channel) -> None:
    """Delete a channel, whoever may decide that: apps above end what goes on in it."""
    lock_space(channel.space_id)
    channel_deleting.send(Channel, channel=channel)
    push_channel_gone(channel)
    channel.delete()


def page_extras(membership: Membership, channel: Channel) -> dict[str, Any]:
    """Collect what the apps above begin a text channel's page with; what fails is logged and left out."""
    extras: dict[str, Any] = {}
    if channel.holds_calls:
        return extras
    asked = {"channel": channel, "membership": membership, "user": membership.user}
    for receiver, answer in channel_page_assembling.send_robust(Channel, **asked):
        if isinstance(answer, dict):
            extras |= answer
        else:
            logger.error("%r answered nothing for a page: %r", receiver, answer)
    return extras


def _lock_channel(actor: User, channel_id: UUID) -> Channel:
    """Return a channel to change, its space locked."""
    found, _membership = channel_for(actor=actor, channel_id=channel_id)
    try:
        membership = lock_membership(actor, found.space_id)
    except SpaceNotFound:
        raise ChannelNotFound from None
    if not can_moderate(membership):
        raise NotModerator
    channel = Channel.objects.filter(pk=channel_id).first()
    if channel is None:
        raise ChannelNotFound
    channel.space = membership.space
    return channel


def _checked(fields: dict[str, Any], rules: list[Rules]) -> dict[str, Any]:
    checked = dict(fields)
    if "name" in fields:
        checked["name"] = checked_name(fields["name"], field="name", at_most=NAME_LENGTH, rules=rules)
    if "topic" in fields:
        checked["topic"] = checked_text(fields["topic"], field="topic", at_most=TOPIC_LENGTH, rules=rules)
    if "max_participants" in fields and not 1 <= fields["max_participants"] <= MAX_PARTICIPANTS:
        raise Invalid.field("max_participants", "invalid", f"Between 1 and {MAX_PARTICIPANTS}.")
    return checked
