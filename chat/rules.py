"""Who may do what with a message of a text channel; whoever reads it is a member of the space."""

from datetime import datetime, timedelta

from chat.models import Message
from identity.models import User
from spaces.models import Membership
from spaces.rules import can_moderate

EDITABLE_FOR = timedelta(hours=24)


def is_author(user: User, message: Message) -> bool:
    """Say whether they wrote it."""
    return message.kind == Message.Kind.USER and message.author_id == user.pk


def in_time_to_edit(message: Message, now: datetime) -> bool:
    """Say whether it is young enough to be changed."""
    return now - message.created_at <= EDITABLE_FOR


def can_delete(membership: Membership, message: Message) -> bool:
    """Say whether they may delete it: their own at any time, a moderator every one."""
    return can_moderate(membership) or is_author(membership.user, message)


def can_pin(membership: Membership) -> bool:
    """Say whether they may pin messages in the space's channels."""
    return can_moderate(membership)
