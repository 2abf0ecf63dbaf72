"""What people think of a message, by emoji."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import regex
from django.db import transaction
from django.db.models import Case, Count, F, Max, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from chat.errors import TooManyReactions
from chat.models import EMOJI_LENGTH, LogEvent, Message, Reaction
from chat.services.doors import desk_of, door_of
from chat.services.limits import limit_message
from chat.services.log import payload_of, write
from chat.services.messages import standing_message
from identity.models import User
from nonza.errors import Invalid

EMOJI_AT_MOST = 20  # different ones at a message
NAMES_AT_MOST = 10  # of who chose one
# One picture, whatever it is made of: with a style, a tone, joined ones, a flag, a digit in a box.
_EMOJI = regex.compile(
    r"(?=\X$)(?:\p{Extended_Pictographic}|\p{Regional_Indicator}{2}$|[0-9#*]\ufe0f?\u20e3$)"
    r"[\p{Extended_Pictographic}\p{Emoji_Modifier}\u200d\ufe0f\U000e0020-\U000e007f]*$"
)


@dataclass(frozen=True)
class ReactionState:
    """One emoji below a message."""

    emoji: str
    count: int
    mine: bool


def set_reaction(*, actor: User, channel_id: UUID, message_id: UUID, emoji: str, on: bool) -> ReactionState:
    """React to a message by an emoji, or take that back; what is so already stays so.

    Raises ChannelNotFound, ChannelWithoutMessages, MessageNotFound, TooManyReactions, Invalid, RateLimited.
    """
    emoji = _checked(emoji)
    door = door_of(actor=actor, channel_id=channel_id)
    limit_message(person=str(actor.pk), place=str(channel_id))
    with transaction.atomic():
        desk = desk_of(door)
        message = standing_message(desk.door.channel, message_id)
        reactions = Reaction.objects.filter(message=message)
        changed = _add(message, actor, emoji) if on else reactions.filter(user=actor, emoji=emoji).delete()[0]
        count = reactions.filter(emoji=emoji).count()
        if changed:
            event = LogEvent(kind=LogEvent.Kind.REACTION, message=message, user=actor, emoji=emoji, added=on)
            write(desk.log, event, payload_of(event, {(message.pk, emoji): count}))
    return ReactionState(emoji, count, on)


def reactions_to(message_ids: Iterable[UUID], viewer: User) -> dict[UUID, list[dict[str, Any]]]:
    """Return the reactions to each of these messages as a user sees them, the first chosen emoji first."""
    window: dict[str, Any] = {"partition_by": [F("message"), F("emoji")]}
    is_mine = Max(Case(When(user=viewer, then=Value(1)), default=Value(0)))
    rows = (
        Reaction.objects.filter(message__in=list(message_ids))
        .annotate(
            place=Window(RowNumber(), order_by="pk", **window),
            number=Window(Count("pk"), **window),
            mine=Window(is_mine, **window),
        )
        .filter(place__lte=NAMES_AT_MOST)
        .select_related("user")
        .order_by("pk")
    )
    found: dict[UUID, dict[str, dict[str, Any]]] = {}
    for row in rows:
        shown = found.setdefault(row.message_id, {}).setdefault(
            row.emoji, {"emoji": row.emoji, "count": row.number, "mine": bool(row.mine), "names": []}
        )
        shown["names"].append(row.user.called)
    return {message: list(by_emoji.values()) for message, by_emoji in found.items()}


def _checked(emoji: str) -> str:
    if len(emoji) > EMOJI_LENGTH or not _EMOJI.match(emoji):
        raise Invalid.field("emoji", "invalid", _("That is no emoji."))
    return emoji


def _add(message: Message, user: User, emoji: str) -> bool:
    """Add a reaction and say whether it is new; the log is held, so nobody adds another one meanwhile."""
    chosen = Reaction.objects.filter(message=message)
    if chosen.filter(user=user, emoji=emoji).exists():
        return False
    others = set(chosen.exclude(emoji=emoji).values_list("emoji", flat=True).distinct())
    if len(others) >= EMOJI_AT_MOST and not chosen.filter(emoji=emoji).exists():
        raise TooManyReactions
    Reaction.objects.create(message=message, user=user, emoji=emoji)
    return True
