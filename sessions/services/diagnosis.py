"""News of rooms that `manage.py doctor` has made, kept for a minute, so that it sees that news arrive."""

from django_redis import get_redis_connection

from sessions.livekit import ROOM_OF_DOCTOR, LiveKitEvent

_KEY, _SECONDS = "nonza:doctor:", 60


def is_of_doctor(event: LiveKitEvent) -> bool:
    """Say whether this is news of a room that no session has."""
    return event.room.startswith(ROOM_OF_DOCTOR)


def note_arrival(event: LiveKitEvent) -> None:
    """Let the doctor that waits for it know that its room's news has come, and come verified."""
    redis = get_redis_connection("default")
    redis.lpush(_KEY + event.room, event.kind)
    redis.expire(_KEY + event.room, _SECONDS)


def wait_for_news(room: str, seconds: float) -> bool:
    """Say whether news of this room arrives in time."""
    return get_redis_connection("default").blpop([_KEY + room], timeout=seconds) is not None
