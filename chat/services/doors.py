"""Who comes to a text channel, and what they may do there."""

from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery

from chat.errors import ChannelWithoutMessages
from chat.models import Message, SpaceLog
from chat.services.log import lock_log
from identity.models import User
from spaces.errors import ChannelNotFound, SpaceNotFound
from spaces.models import Channel, Membership


class Door(NamedTuple):
    """A text channel, and the membership of who has come to it."""

    channel: Channel
    membership: Membership


def doors_of(actor: User, channel_id: UUID) -> QuerySet[Channel]:
    """Return the channel, with its space and what the actor is there; nothing to a stranger."""
    channels = Channel.objects.filter(pk=channel_id, space__memberships__user=actor)
    return channels.select_related("space").annotate(
        membership_id=F("space__memberships"),
        role=F("space__memberships__role"),
        joined_at=F("space__memberships__created_at"),
    )


def door_from(found: Channel | None, actor: User) -> Door:
    """Return the door that was found; raises ChannelNotFound, ChannelWithoutMessages."""
    if found is None:
        raise ChannelNotFound
    if found.type != Channel.Type.TEXT:
        raise ChannelWithoutMessages
    what: Any = found
    membership = Membership(
        pk=what.membership_id, space=what.space, user=actor, role=what.role, created_at=what.joined_at
    )
    return Door(found, membership)


def door_of(*, actor: User, channel_id: UUID) -> Door:
    """Return a text channel for one of its members, in one query.

    Raises ChannelNotFound, ChannelWithoutMessages.
    """
    return door_from(doors_of(actor, channel_id).first(), actor)


class Desk(NamedTuple):
    """Where somebody writes: nobody else does meanwhile, and the right to do so cannot end."""

    door: Door
    log: SpaceLog
    sent_before: UUID | None  # the message with the same client id


def desk_of(door: Door, client_id: UUID | None = None) -> Desk:
    """Lock the log and look again who has come; raises ChannelNotFound, ChannelWithoutMessages."""
    channel, membership = door
    try:
        log = lock_log(channel.space_id)
    except SpaceNotFound as gone:
        raise ChannelNotFound from gone
    same = Message.objects.filter(channel=OuterRef("pk"), author=membership.user, client_id=client_id)
    doors = doors_of(membership.user, channel.pk)
    if client_id is not None:
        doors = doors.annotate(sent_before=Subquery(same.values("pk")))
    found = doors.first()
    return Desk(door_from(found, membership.user), log, getattr(found, "sent_before", None))
