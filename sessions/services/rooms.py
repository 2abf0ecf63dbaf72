"""Rooms of LiveKit that are known to be there, so that they need not be made again."""

from collections.abc import Iterable
from uuid import UUID

from django.core.cache import cache

from sessions import livekit
from sessions.errors import LiveKitUnavailable, MediaUnavailable

# LiveKit keeps a room that the last person has left for 20 s (`livekit.DEPARTURE_SECONDS`): who gets a
# token in the last of these seconds still finds it.
KNOWN_SECONDS = 15
MEDIA_RETRY_SECONDS = 3


def ensure_room(session_id: UUID, *, anew: bool) -> None:
    """Make the session's room unless it is known to be there; `anew` trusts no memory.

    Raises MediaUnavailable within 3 s if LiveKit does not answer.
    """
    if not anew and cache.get(_key(session_id)):
        return
    try:
        livekit.make_room(session_id)
    except LiveKitUnavailable as error:
        raise MediaUnavailable(retry_after=MEDIA_RETRY_SECONDS) from error
    rooms_are_there([session_id])


def rooms_are_there(session_ids: Iterable[UUID]) -> None:
    """Remember for a while that LiveKit has these rooms."""
    cache.set_many({_key(session_id): True for session_id in session_ids}, KNOWN_SECONDS)


def room_is_gone(session_id: UUID) -> None:
    """Forget the room; the next token makes it."""
    cache.delete(_key(session_id))


def _key(session_id: UUID) -> str:
    return f"room:{session_id}"
