"""Reading what was written in a text channel: a page at a time, in both directions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import OuterRef, Subquery

from chat.errors import MessageNotFound
from chat.models import Message, MessageQuerySet, ReadMark, SpaceLog
from chat.serializers import PAGE, message_as_seen
from chat.services.doors import Door, door_from, door_of, doors_of
from chat.services.log import SpaceLogReader
from chat.services.messages import message_in
from chat.services.reactions import reactions_to
from identity.models import User
from nonza.realtime.streams import Position
from spaces.models import Channel


@dataclass(frozen=True)
class HistoryQuery:
    """Which part: the end, or what is before or after an offset, from a moment on, or around a message."""

    limit: int = PAGE
    before: int | None = None
    after: int | None = None
    since: datetime | None = None
    around: UUID | None = None


class HistoryPage(NamedTuple):
    """Messages by their offset, and where the log stood before they were read."""

    messages: list[Message]
    position: Position
    has_before: bool
    has_after: bool
    read_offset: int | None
    first_unread_id: UUID | None


def page_of(*, actor: User, channel_id: UUID, query: HistoryQuery) -> HistoryPage:
    """Return a page of a text channel; it costs the same however much was written there.

    Raises ChannelNotFound, ChannelWithoutMessages, MessageNotFound (around which to read).
    """
    logs = SpaceLog.objects.filter(pk=OuterRef("space"))
    mine = ReadMark.objects.filter(channel=OuterRef("pk"), user=actor)
    found = doors_of(actor, channel_id).annotate(
        log_epoch=Subquery(logs.values("epoch")),
        log_offset=Subquery(logs.values("offset")),
        read_offset=Subquery(mine.values("offset")),
    )
    door = door_from(found.first(), actor)
    channel: Any = door.channel
    position = Position(str(channel.log_epoch), channel.log_offset)
    if channel.log_epoch is None:  # nobody has written in the space yet
        position = SpaceLogReader().tops([channel.space_id])[channel.space_id]
    # Read after the position: what comes between is pushed again, and known by its id.
    messages, has_before, has_after = _part(channel, query)
    return HistoryPage(
        messages,
        position,
        has_before,
        has_after,
        channel.read_offset,
        _first_unread(door, channel.read_offset),
    )


def read_message(*, actor: User, channel_id: UUID, message_id: UUID) -> Message:
    """Return one message; raises ChannelNotFound, ChannelWithoutMessages, MessageNotFound."""
    return message_in(door_of(actor=actor, channel_id=channel_id).channel, message_id)


def seen_by(viewer: User, messages: Iterable[Message]) -> list[dict[str, Any]]:
    """Return messages on the wire, with their reactions as this user sees them, in one query."""
    messages = list(messages)
    reactions = reactions_to([message.pk for message in messages], viewer)
    return [{**message_as_seen(message), "reactions": reactions.get(message.pk, [])} for message in messages]


def page_as_seen(viewer: User, page: HistoryPage) -> dict[str, Any]:
    """Return a page on the wire."""
    return {
        "results": seen_by(viewer, page.messages),
        "epoch": page.position.epoch,
        "offset": page.position.offset,
        "has_before": page.has_before,
        "has_after": page.has_after,
        "read_offset": page.read_offset,
        "first_unread_id": str(page.first_unread_id) if page.first_unread_id else None,
    }


_Part = tuple[list[Message], bool, bool]


def _part(channel: Channel, query: HistoryQuery) -> _Part:
    written = Message.objects.filter(channel=channel)
    if query.around is not None:
        return _around(written, query.around, query.limit)
    if query.after is not None:
        return _after(written, query.after, query.limit)
    if query.since is not None:
        later = written.filter(created_at__gte=query.since).order_by("created_at", "offset")
        first = later.values_list("offset", flat=True).first()
        if first is None:
            return [], _are_there(written), False
        return _after(written, first - 1, query.limit)
    if query.before is not None:
        messages, more = _last(written.filter(offset__lt=query.before), query.limit)
        return messages, more, _are_there(written.filter(offset__gte=query.before))
    messages, more = _last(written, query.limit)
    return messages, more, False


def _around(written: MessageQuerySet, message_id: UUID, limit: int) -> _Part:
    offset = written.filter(pk=message_id).values_list("offset", flat=True).first()
    if offset is None:
        raise MessageNotFound
    before, more_before = _last(written.filter(offset__lte=offset), limit // 2 + 1)
    after, more_after = _first(written.filter(offset__gt=offset), limit - limit // 2 - 1)
    return [*before, *after], more_before, more_after


def _after(written: MessageQuerySet, offset: int, limit: int) -> _Part:
    messages, more = _first(written.filter(offset__gt=offset), limit)
    return messages, _are_there(written.filter(offset__lte=offset)), more


def _first(messages: MessageQuerySet, limit: int) -> tuple[list[Message], bool]:
    """Return so many from the beginning, and whether there are more."""
    found = list(messages.shown().order_by("offset")[: limit + 1])
    return found[:limit], len(found) > limit


def _last(messages: MessageQuerySet, limit: int) -> tuple[list[Message], bool]:
    """Return so many from the end, in their order, and whether there are more before them."""
    found = list(messages.shown().order_by("-offset")[: limit + 1])
    return found[:limit][::-1], len(found) > limit


def _are_there(messages: MessageQuerySet) -> bool:
    """Say whether there are any, by the index: of `exists` Postgres guesses that any row will do soon.

    Where a channel's rows stand at the end of a table of millions, it would look through all of them.
    """
    return messages.order_by("offset").values_list("offset", flat=True).first() is not None


def _first_unread(door: Door, read_offset: int | None) -> UUID | None:
    """Return the first message of others after what was read; of who has never read, since they joined."""
    others = Message.objects.standing().filter(channel=door.channel).exclude(author=door.membership.user)
    if read_offset is None:
        unread = others.filter(created_at__gt=door.membership.created_at).order_by("created_at", "offset")
    else:
        unread = others.filter(offset__gt=read_offset).order_by("offset")
    return unread.values_list("pk", flat=True).first()
