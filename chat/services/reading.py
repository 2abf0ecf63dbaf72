"""How far people have read the text channels, and what is new to them."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from chat.models import Mention, Message, ReadMark, SpaceLog
from chat.services.doors import Door, desk_of, door_of
from identity.models import User
from nonza.realtime import broadcast_on_commit, user_group
from spaces.errors import ChannelNotFound
from spaces.models import Channel, Notification, Space
from spaces.services.notifications import mark_read as mark_news_read

COUNTED = 100  # mentions at most of each kind, for one channel


def mark_read(*, actor: User, channel_id: UUID, offset: int) -> dict[str, int]:
    """Say that the actor has read a channel up to this offset; a mark never goes back.

    Return where it stands and how many mentions are left. Raises ChannelNotFound, ChannelWithoutMessages.
    """
    door = door_of(actor=actor, channel_id=channel_id)
    with transaction.atomic():
        top = SpaceLog.objects.filter(pk=door.channel.space_id).values_list("offset", flat=True).first()
        moved = _move(door, min(offset, top or 0))
        now = state_of(actor, door.channel)
        if moved:
            payload = {"space_id": str(door.channel.space_id), "channel_id": str(channel_id), **now}
            broadcast_on_commit(user_group(actor.pk), "channel.read", payload)
            _mark_news_read(actor, door.channel, now["offset"])
    return now


def state_of(user: User, channel: Channel) -> dict[str, int]:
    """Return how far a member has read a channel, and how many unread messages mention them.

    Raises ChannelNotFound to who is no member any more.
    """
    rows = _marked(channel.space, user).filter(pk=channel.pk).annotate(count=_mentions(user))
    found = rows.values_list("mark", "count").first()
    if found is None:
        raise ChannelNotFound
    mark, count = found
    return {"offset": mark, "mentions": count}


def unread_in(space: Space, user: User) -> dict[UUID, dict[str, Any]]:
    """Return what is unread in each text channel of a space, in one query.

    Of a channel that they have never read, what was written since they joined. One's own messages are
    never unread, and deleted ones not either.
    """
    rows = (
        _marked(space, user)
        .annotate(is_unread=_is_unread(user), count=_mentions(user))
        .order_by()
        .values_list("pk", "is_unread", "count")
    )
    return {channel: {"unread": unread, "mentions": count} for channel, unread, count in rows}


def _move(door: Door, offset: int) -> bool:
    """Move a mark forward, whichever of one's pages moves it too; say whether it was behind."""
    if not offset:  # nothing was read: that is no mark
        return False
    user, channel = door.membership.user, door.channel
    mark = ReadMark.objects.filter(user=user, channel=channel)
    if mark.filter(offset__lt=offset).update(offset=offset):
        return True
    if mark.exists():
        return False
    desk_of(door)  # the marks of a channel that is being deleted are deleted with it
    ReadMark.objects.bulk_create([ReadMark(user=user, channel=channel)], ignore_conflicts=True)
    return bool(mark.filter(offset__lt=offset).update(offset=offset))


def _marked(space: Space, user: User) -> QuerySet[Any]:
    """Return the text channels with `own_mark` (null: never read), `mark` (0 then) and when one `joined`."""
    own = ReadMark.objects.filter(user=user, channel=OuterRef("pk")).values("offset")
    channels = Channel.objects.filter(space=space, type=Channel.Type.TEXT, space__memberships__user=user)
    return channels.annotate(
        own_mark=Subquery(own),
        mark=Coalesce(F("own_mark"), Value(0)),
        joined=F("space__memberships__created_at"),
    )


def _of_others(user: User) -> QuerySet[Message]:
    """Return what others, or the system, have written and not deleted."""
    return Message.objects.standing().filter(Q(author=None) | ~Q(author=user))


def _is_unread(user: User) -> Case:
    """Two questions, each of which an index answers at once."""
    new = _of_others(user).filter(channel=OuterRef("pk"))
    return Case(
        When(own_mark=None, then=Exists(new.filter(created_at__gt=OuterRef("joined")))),
        default=Exists(new.filter(offset__gt=OuterRef("own_mark"))),
    )


def _mentions(user: User) -> Any:
    """Count the unread messages with one's name, and those to all that do not name one too."""
    named = (
        Mention.objects.filter(user=user, channel=OuterRef("pk"), offset__gt=OuterRef("mark"))
        .filter(Q(message__author=None) | ~Q(message__author=user), message__deleted_at=None)
        .filter(message__mentions_all=False)
    )
    to_all = _of_others(user).filter(
        channel=OuterRef("pk"),
        mentions_all=True,
        offset__gt=OuterRef("mark"),
        created_at__gt=OuterRef("joined"),
    )
    return _count(named) + _count(to_all)


class _CountUpTo(Subquery):
    """Counts rows, but no more than `COUNTED`: after years away nobody waits for an exact number."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def _count(rows: QuerySet[Any]) -> _CountUpTo:
    return _CountUpTo(rows.order_by().values("pk")[:COUNTED])


def _mark_news_read(user: User, channel: Channel, offset: int) -> None:
    """Who has seen the message needs no news of it in the bell."""
    news = Notification.objects.filter(
        user=user, read_at=None, kind=Notification.Kind.MENTIONED, content__channel_id=str(channel.pk)
    )
    about = {UUID(content["message_id"]): pk for pk, content in news.values_list("pk", "content")}
    if not about:
        return
    seen = Message.objects.filter(pk__in=about, offset__lte=offset).values_list("pk", flat=True)
    if ids := [about[message] for message in seen]:
        mark_news_read(actor=user, ids=ids)
