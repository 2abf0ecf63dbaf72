"""Messages that stay at hand in a text channel."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from chat.errors import TooManyPins
from chat.models import Message
from chat.rules import can_pin
from chat.services.doors import desk_of, door_of
from chat.services.limits import limit_message
from chat.services.messages import standing_message, write_changed
from identity.models import User
from spaces.errors import NotModerator

PINS_AT_MOST = 50


def set_pin(*, actor: User, channel_id: UUID, message_id: UUID, on: bool) -> Message:
    """Pin a message, or unpin it; what is so already stays so. Moderators only.

    Raises ChannelNotFound, ChannelWithoutMessages, NotModerator, MessageNotFound, TooManyPins, RateLimited.
    """
    door = door_of(actor=actor, channel_id=channel_id)
    limit_message(person=str(actor.pk), place=str(channel_id), what="pin")
    with transaction.atomic():
        desk = desk_of(door)
        if not can_pin(desk.door.membership):
            raise NotModerator
        message = standing_message(desk.door.channel, message_id)
        if (message.pinned_at is not None) == on:
            return message
        pinned = Message.objects.filter(channel=desk.door.channel, pinned_at__isnull=False)
        if on and pinned.count() >= PINS_AT_MOST:
            raise TooManyPins
        message.pinned_at, message.pinned_by = (timezone.now(), actor) if on else (None, None)
        message.save(update_fields=["pinned_at", "pinned_by", "updated_at"])
        write_changed(desk.log, message)
    return message


def pins_of(*, actor: User, channel_id: UUID) -> list[Message]:
    """Return the pinned messages, the last one first; raises ChannelNotFound, ChannelWithoutMessages."""
    channel = door_of(actor=actor, channel_id=channel_id).channel
    pinned = Message.objects.shown().filter(channel=channel, pinned_at__isnull=False)
    return list(pinned.order_by("-pinned_at")[:PINS_AT_MOST])
