"""What people think of a message, by emoji."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import regex
from django.db import transaction
from django.db.models import Case, Count, F, Max, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from chat.errors import MessageNotFound, TooManyReactions
from chat.models import EMOJI_LENGTH, LogEvent, Message, Reaction
from chat.services.doors import desk_of, door_of
from chat.services.limits import limit_message
from chat.services.log import payload_of, write
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
    limit_message(person=str(actor.pk), place=str(channel_id), what="reaction")
    with transaction.atomic():
        desk = desk_of(door)
        message = Message.objects.standing().filter(channel=desk.door.channel, pk=message_id).first()
        if message is None:
            raise MessageNotFound
        before = _tally(message, actor)
        state = before.get(emoji, ReactionState(emoji, 0, mine=False))
        if state.mine == on:
            return state
        if on and state.count == 0 and len(before) >= EMOJI_AT_MOST:
            raise TooManyReactions
        if on:
            Reaction.objects.create(message=message, user=actor, emoji=emoji)
        else:
            Reaction.objects.filter(message=message, user=actor, emoji=emoji).delete()
        state = ReactionState(emoji, state.count + (1 if on else -1), mine=on)
        event = LogEvent(kind=LogEvent.Kind.REACTION, message=message, user=actor, emoji=emoji, added=on)
        write(desk.log, event, payload_of(event, {(message.pk, emoji): state.count}))
    return state


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


def _tally(message: Message, user: User) -> dict[str, ReactionState]:
    """Return how many have chosen each emoji; the log is held, so nobody chooses meanwhile."""
    chosen = Reaction.objects.filter(message=message).order_by().values("emoji")
    rows = chosen.annotate(number=Count("pk"), own=Count("pk", filter=Q(user=user)))
    return {row["emoji"]: ReactionState(row["emoji"], row["number"], bool(row["own"])) for row in rows}
