"""How far the stores' clocks are from this machine's: seats, tokens and expiries are times."""

import time
from collections.abc import Callable

from django.db import Error, connection
from django_redis import get_redis_connection
from redis.exceptions import RedisError

# LiveKit allows 60 s either way; beyond this, tokens and news begin to be refused.
SKEW_SECONDS = 45.0


def clock_offsets() -> dict[str, float]:
    """Seconds by which each store's clock is ahead of ours; a store that does not answer is left out."""
    offsets = {"database": _offset(_database_time), "redis": _offset(_redis_time)}
    return {name: offset for name, offset in offsets.items() if offset is not None}


def skewed_clocks() -> list[str]:
    """Return the stores whose clocks are so far from ours that calls break."""
    return [name for name, offset in clock_offsets().items() if abs(offset) > SKEW_SECONDS]


def _offset(read: Callable[[], float | None]) -> float | None:
    asked_at = time.time()
    try:
        told = read()
    except (Error, RedisError):
        return None
    return None if told is None else told - (asked_at + time.time()) / 2


def _database_time() -> float | None:
    if connection.vendor != "postgresql":  # a file's clock is ours
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        return float(cursor.fetchone()[0])


def _redis_time() -> float:
    seconds, microseconds = get_redis_connection("default").time()
    return float(seconds) + float(microseconds) / 1_000_000
