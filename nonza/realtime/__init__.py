"""Pushes: from a service's `broadcast_on_commit` through Redis to the hub of every process that listens.

No event is known here by name but `resync`, which tells a client that something may have been missed
and that it should load again.
"""

import logging
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from nonza.realtime.streams import Position, wire
from nonza.redis_breaker import breaker

logger = logging.getLogger(__name__)

SIGN_IN, NOT_ALLOWED, TOO_SLOW, COME_BACK = 4401, 4403, 4408, 4412

CHANNEL = "nonza:push:"
"""What the channel of a group begins with in Redis."""

# What is published is a finished frame (it begins with a brace), or one of these (`hub.py` reads them).
CLOSE = "close "
PASSING = "passing "
LOGGED = "log "
MANY = "many\n"


# Groups -------------------------------------------------------------------


def session_group(session_id: UUID) -> str:
    """Everybody who is in a session."""
    return f"session:{session_id}"


def participant_group(participant_id: UUID) -> str:
    """The sockets of one participant."""
    return f"participant:{participant_id}"


def space_group(space_id: UUID) -> str:
    """The members of a space who have it open."""
    return f"space:{space_id}"


def membership_group(membership_id: UUID) -> str:
    """The sockets with which one member has a space open."""
    return f"membership:{membership_id}"


def user_group(user_id: UUID) -> str:
    """All pages that a user has open."""
    return f"user:{user_id}"


# Sending ------------------------------------------------------------------


def broadcast_on_commit(group: str, event: str, payload: Any) -> None:
    """Push an event to a group once the transaction has committed, and never if it rolls back."""
    frame = frame_of(event, payload)
    transaction.on_commit(lambda: publish(group, frame), robust=True)


def broadcast_logged_on_commit(group: str, stream: str, position: Position, event: str, payload: Any) -> None:
    """Push an event of a log, which stands in it at `position`, once the transaction has committed.

    A push that is lost is found by its offset: the hubs read it from the log.
    """
    text = wire(stream, position, frame_of(event, payload))
    transaction.on_commit(lambda: publish(group, text), robust=True)


def broadcast_passing_on_commit(group: str, key: str, event: str, payload: Any) -> None:
    """Push what is soon out of date (who types): of several with one key a slow client gets the last one.

    It is the first thing that a client who reads too slowly does not get.
    """
    text = passing(key, frame_of(event, payload))
    transaction.on_commit(lambda: publish(group, text), robust=True)


def close_on_commit(group: str, code: int) -> None:
    """Close all sockets of a group once the transaction has committed."""
    transaction.on_commit(lambda: publish(group, f"{CLOSE}{code}"), robust=True)


def publish(group: str, text: str) -> None:
    """Hand a finished frame to Redis; who misses it because Redis is away is told to load again.

    What is logged needs no loading: the last push shows the hubs what they have missed.
    """
    try:
        get_redis_connection("default").publish(CHANNEL + group, text)
    except RedisError as error:
        if not breaker.is_open:
            logger.warning("A push to %s was lost: %s", group, error)
        elif text.startswith(LOGGED):
            breaker.later(f"logged pushes to {group}", lambda: publish(group, text))
        else:
            breaker.later(f"pushes to {group}", lambda: publish(group, frame_of("resync", {})))


def frame_of(event: str, payload: Any) -> str:
    """Return an event as it goes over the wire."""
    return orjson.dumps({"event": event, "payload": payload}, option=orjson.OPT_NON_STR_KEYS).decode()


def passing(key: str, frame: str) -> str:
    """Return a frame as it goes through Redis if only the last one of its key counts."""
    return f"{PASSING}{key.replace(' ', '_')} {frame}"
