"""Signs of life of worker and beat, for whoever looks whether they live."""

import time

from celery import shared_task
from django_redis import get_redis_connection

CANARY = "nonza:canary:"
CANARY_SECONDS = 60
TICK, TICK_EVERY = "nonza:beat:tick", 10


@shared_task
def canary(name: str) -> None:
    """Sing, so that whoever waits hears that a worker does its work."""
    redis = get_redis_connection("default")
    redis.lpush(CANARY + name, 1)
    redis.expire(CANARY + name, CANARY_SECONDS)


@shared_task
def note_tick() -> None:
    """Note that beat is alive: it has just asked for this."""
    get_redis_connection("default").set(TICK, time.time())
