"""The log of a space's text channels: one offset for each event, in the order in which they were committed.

Whoever writes holds the log's row; so nobody else writes in the space's channels meanwhile, and what was
checked stays true: who is thrown out, who is demoted and which channel goes is decided under the same lock
(`receivers.py`). It is the last lock of all (`spaces.services.locks`).
"""

import contextlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Count
from django.utils import timezone

from chat.models import LogEvent, Message, Reaction, SpaceLog
from chat.serializers import message_as_seen, time_as_seen
from identity.models import User
from nonza.periodic import GoOn, never_mind
from nonza.realtime import broadcast_logged_on_commit, frame_of, space_group
from nonza.realtime.streams import Entry, Position, Recovery
from spaces.errors import SpaceNotFound
from spaces.models import Space

STREAM = "chat"
Kind = LogEvent.Kind
KEPT_FOR = timedelta(days=7)
AT_A_TIME = 500  # rows of one statement
_GONE = Position("", 0)  # of a space that is no more


def lock_log(space_id: UUID) -> SpaceLog:
    """Return the log of a space, locked until the transaction ends; raises SpaceNotFound if it is gone."""
    logs = SpaceLog.objects.select_for_update(no_key=True).filter(pk=space_id)
    log = logs.first()
    if log is None:
        SpaceLog.objects.bulk_create([SpaceLog(space_id=space_id)], ignore_conflicts=True)
        log = logs.first()
        # Asked only now: it may have gone while we waited for who deletes it.
        if log is None or not Space.objects.filter(pk=space_id).exists():
            raise SpaceNotFound
    return log


def append(
    space_id: UUID,
    kind: str,
    message: Message,
    *,
    user: User | None = None,
    emoji: str = "",
    added: bool = True,
) -> Position:
    """Write what happened to a message into the log, and tell the members on commit."""
    log = lock_log(space_id)
    event = LogEvent(kind=kind, message=message, user=user, emoji=emoji, added=added)
    return write(log, event, payload_of(event, _count_reactions([event])))


def write(log: SpaceLog, event: LogEvent, payload: dict[str, Any]) -> Position:
    """Write an event into a log that the caller has locked, and tell the members on commit.

    The last thing in its transaction: what the payload says holds then.
    """
    event.space_id, event.offset = log.pk, log.offset + 1
    log.offset = event.offset
    log.save(update_fields=["offset"])
    event.save(force_insert=True)
    position = Position(str(log.epoch), event.offset)
    broadcast_logged_on_commit(space_group(log.pk), STREAM, position, event.kind, payload)
    return position


class SpaceLogReader:
    """Reads the logs of text channels for the sockets of their spaces; the key is the space's id."""

    def read(self, key: UUID, since: Position, most: int) -> Recovery:
        """Return what happened after a position, each message as it is now."""
        top = self.tops([key]).get(key, _GONE)
        missed = top.offset - since.offset
        if since.epoch != top.epoch or not 0 <= missed <= most:
            return Recovery(top, None)
        events = _events(key, since.offset, top.offset) if missed else []
        if len(events) != missed:  # some are purged, or their channel is gone
            return Recovery(top, None)
        reactions = _count_reactions(events)
        return Recovery(top, [Entry(event.offset, _frame(event, reactions)) for event in events])

    def tops(self, keys: list[UUID]) -> dict[UUID, Position]:
        """Return where these logs stand; one that nobody has written in yet begins now."""
        found = _tops(keys)
        missing = Space.objects.filter(pk__in=[key for key in keys if key not in found])
        if len(found) < len(keys) and (begun := [SpaceLog(space=space) for space in missing]):
            with contextlib.suppress(IntegrityError):  # the space went meanwhile
                SpaceLog.objects.bulk_create(begun, ignore_conflicts=True)
            found |= _tops([log.pk for log in begun])
        return found


Counts = dict[tuple[UUID, str], int]  # of reactions, by message and emoji


def payload_of(event: LogEvent, reactions: Counts) -> dict[str, Any]:
    """Return what members are told of an event."""
    message = event.message
    if event.kind in {Kind.CREATED, Kind.CHANGED}:
        return message_as_seen(message)
    if event.kind == Kind.DELETED:
        return {
            "id": str(message.pk),
            "channel_id": str(message.channel_id),
            "offset": message.offset,
            "deleted_at": time_as_seen(message.deleted_at),
        }
    return {
        "message_id": str(message.pk),
        "channel_id": str(message.channel_id),
        "emoji": event.emoji,
        "count": reactions.get((message.pk, event.emoji), 0),
        "user_id": str(event.user_id) if event.user_id else None,
        "display_name": event.user.called if event.user else "",
        "added": event.added,
    }


def _frame(event: LogEvent, reactions: Counts) -> str:
    return frame_of(event.kind, payload_of(event, reactions))


def _events(space_id: UUID, after: int, up_to: int) -> list[LogEvent]:
    """Return the events of a part of the log, with all that is told of them."""
    events = LogEvent.objects.filter(space=space_id, offset__gt=after, offset__lte=up_to)
    return list(
        events.order_by("offset")
        .select_related("user", "message__author", "message__reply_to")
        .prefetch_related("message__mentions", "message__attachments")
    )


def _tops(keys: list[UUID]) -> dict[UUID, Position]:
    logs = SpaceLog.objects.filter(pk__in=keys)
    return {log.pk: Position(str(log.epoch), log.offset) for log in logs}


def _count_reactions(events: Iterable[LogEvent]) -> Counts:
    """Count, once for all, the reactions that these events are about."""
    messages = {event.message_id for event in events if event.kind == Kind.REACTION}
    if not messages:
        return {}
    rows = Reaction.objects.filter(message__in=messages).order_by().values_list("message", "emoji")
    return {(message, emoji): count for message, emoji, count in rows.annotate(Count("pk"))}


def purge_events(go_on: GoOn = never_mind) -> int:
    """Delete the events of more than a week ago; who was away for longer loads again. Return how many."""
    old = LogEvent.objects.filter(created_at__lt=timezone.now() - KEPT_FOR)
    deleted = 0
    while ids := list(old.values_list("pk", flat=True)[:AT_A_TIME]):
        deleted += LogEvent.objects.filter(pk__in=ids).delete()[0]
        go_on()
    return deleted
