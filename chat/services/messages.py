"""What people write in text channels: sending, changing and deleting it."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from chat.errors import EditTooLate, MessageNotFound, NotAuthor
from chat.models import LogEvent, Message, SpaceLog
from chat.rules import can_delete, in_time_to_edit, is_author
from chat.serializers import message_as_seen
from chat.services import attachments as files
from chat.services import mentions as names
from chat.services.doors import desk_of, door_of
from chat.services.limits import limit_message
from chat.services.log import lock_log, payload_of, write
from chat.services.text import checked_text
from identity.models import User
from nonza.content_filter import filtered
from spaces.models import Channel
from spaces.rules import can_moderate

Kind = LogEvent.Kind


def send_message(  # noqa: PLR0913 -- what a message is made of
    *,
    actor: User,
    channel_id: UUID,
    client_id: UUID | None,
    text: str,
    reply_to: UUID | None = None,
    mentions: Sequence[UUID] = (),
    attachments: Sequence[UUID] = (),
) -> tuple[Message, bool]:
    """Write in a text channel; return the message, and whether it is new.

    `mentions` are the members who were picked while it was written, `attachments` files that the actor has
    brought; with files there may be no text. What was sent before with the same client id is there once,
    as it was sent then. Raises ChannelNotFound, ChannelWithoutMessages, MessageNotFound (what it replies
    to), AttachmentNotFound, TooManyAttachments, Invalid, MessageFiltered, RateLimited.
    """
    text = checked_text(text, may_be_empty=bool(attachments))
    door = door_of(actor=actor, channel_id=channel_id)
    limit_message(person=str(actor.pk), place=str(channel_id))
    text = filtered(text, *door.channel.space.filter_rules)
    found = names.find_mentions(door.channel.space, actor, text, mentions)
    with transaction.atomic():
        desk = desk_of(door, client_id)
        if desk.sent_before is not None:
            return Message.objects.shown().get(pk=desk.sent_before), False
        message = Message(
            channel=desk.door.channel,
            offset=desk.log.offset + 1,
            author=actor,
            author_name=actor.called,
            client_id=client_id,
            text=text,
            reply_to=_replied(desk.door.channel, reply_to),
            mentions_all=found.all,
        )
        message.save(force_insert=True)
        message.new_attachments = files.claim(attachments, message)
        message.new_mentions = names.add_mentions(message, found)
        write(desk.log, LogEvent(kind=Kind.CREATED, message=message), message_as_seen(message))
    return message, True


def edit_message(*, actor: User, channel_id: UUID, message_id: UUID, text: str) -> Message:
    """Change one's own message, for 24 hours.

    Raises ChannelNotFound, ChannelWithoutMessages, MessageNotFound, NotAuthor, EditTooLate, Invalid,
    MessageFiltered, RateLimited.
    """
    door = door_of(actor=actor, channel_id=channel_id)
    limit_message(person=str(actor.pk), place=str(channel_id))
    with transaction.atomic():
        desk = desk_of(door)
        message = standing_message(desk.door.channel, message_id)
        if not is_author(actor, message):
            raise NotAuthor
        if not in_time_to_edit(message, timezone.now()):
            raise EditTooLate
        text = checked_text(text, may_be_empty=bool(message.attachments.all()))
        text = filtered(text, *desk.door.channel.space.filter_rules)
        if text != message.text:
            message.text, message.edited_at = text, timezone.now()
            names.read_again(message, desk.door.channel.space, actor)
            message.save(update_fields=["text", "mentions_all", "edited_at", "updated_at"])
            write_changed(desk.log, message)
    return message


def delete_message(*, actor: User, channel_id: UUID, message_id: UUID) -> None:
    """Delete a message: one's own, or as a moderator any; what is deleted already stays so.

    Raises ChannelNotFound, ChannelWithoutMessages, MessageNotFound, NotAuthor, RateLimited.
    """
    door = door_of(actor=actor, channel_id=channel_id)
    if not can_moderate(door.membership):  # else a flood would keep those who clean up from doing so
        limit_message(person=str(actor.pk), place=str(channel_id))
    with transaction.atomic():
        desk = desk_of(door)
        message = message_in(desk.door.channel, message_id)
        if not can_delete(desk.door.membership, message):
            raise NotAuthor
        erase(desk.log, message, by=actor)


@transaction.atomic
def remove_message(message: Message, *, actor: User | None) -> None:
    """Delete a message, whoever may decide that; one that is deleted already stays as it is."""
    log = lock_log(message.channel.space_id)
    found = Message.objects.shown().filter(pk=message.pk).first()
    if found is not None:
        erase(log, found, by=actor)


# For the other services of this app; the caller holds the log ---------------


def message_in(channel: Channel, message_id: UUID) -> Message:
    """Return a message of a channel, deleted or not; raises MessageNotFound."""
    message = Message.objects.shown().filter(channel=channel, pk=message_id).first()
    if message is None:
        raise MessageNotFound
    return message


def standing_message(channel: Channel, message_id: UUID) -> Message:
    """Return a message that nobody has deleted; raises MessageNotFound."""
    message = message_in(channel, message_id)
    if message.deleted_at is not None:
        raise MessageNotFound
    return message


def write_changed(log: SpaceLog, message: Message) -> None:
    """Tell the members what a message is like now."""
    write(log, LogEvent(kind=Kind.CHANGED, message=message), message_as_seen(message))


def erase(log: SpaceLog, message: Message, *, by: User | None) -> None:
    """Leave a tombstone of a message: nothing that it said, and nothing that was said of it, is kept."""
    if message.deleted_at is not None:
        return
    message.text, message.deleted_at, message.deleted_by = "", timezone.now(), by
    message.mentions_all, message.pinned_at, message.pinned_by = False, None, None
    message.save()
    names.take_back(message)
    files.forget(message)
    message.reactions.all().delete()
    event = LogEvent(kind=Kind.DELETED, message=message)
    write(log, event, payload_of(event, {}))


def _replied(channel: Channel, message_id: UUID | None) -> Message | None:
    if message_id is None:
        return None
    replied = Message.objects.filter(channel=channel, pk=message_id).first()
    if replied is None:
        raise MessageNotFound
    return replied
