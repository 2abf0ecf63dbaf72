"""Who is typing, told to whoever has the place open; nobody keeps it."""

from uuid import UUID

from chat.services.doors import door_of
from chat.services.limits import limit_typing
from identity.models import User
from nonza.realtime import broadcast_passing_on_commit, space_group


def show_typing(*, actor: User, channel_id: UUID) -> None:
    """Tell the members of a space that somebody types in one of its text channels.

    Raises ChannelNotFound, ChannelWithoutMessages, RateLimited.
    """
    channel = door_of(actor=actor, channel_id=channel_id).channel
    limit_typing(person=str(actor.pk), place=str(channel_id))
    payload = {
        "channel_id": str(channel.pk),
        "user_id": str(actor.pk),
        "participant_id": None,
        "display_name": actor.called,
    }
    key = f"typing:{channel.pk}:{actor.pk}"
    broadcast_passing_on_commit(space_group(channel.space_id), key, "typing.started", payload)
