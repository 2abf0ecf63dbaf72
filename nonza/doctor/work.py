"""Looks at what works in the background: a worker, and the beat that keeps its time."""

import secrets
import time
from collections.abc import Iterator

from django_redis import get_redis_connection
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from nonza import tasks
from nonza.doctor.registry import Finding, broken, check, fine, warning

CANARY_PATIENCE = 12
# A worker that has just begun something longer may let us wait; the clocks may differ by a little.
TICK_OLD, TICK_PATIENCE, LOOK_AGAIN = 3 * tasks.TICK_EVERY, tasks.TICK_EVERY + 3, 0.5
SLOW_SECONDS = 8
WORKER = "celery -A nonza.celery worker"


@check("worker")
def look_at_worker() -> Iterator[Finding]:
    """Give a worker something to do, and wait until it is done."""
    name = secrets.token_hex(8)
    asked_at = time.monotonic()
    try:
        tasks.canary.apply_async(args=(name,), expires=CANARY_PATIENCE)
        sang = _hears(name)
    except (RedisError, OperationalError):
        yield broken(
            "worker.no_queue",
            "No work can be given out: Redis does not answer.",
            "See what is said of Redis.",
        )
        return
    took = time.monotonic() - asked_at
    if not sang:
        yield broken(
            "worker.absent",
            f"No worker has done a task within {CANARY_PATIENCE} s: nothing is repaired or ended.",
            f"Start a worker (`{WORKER}`), or look at its log; it must use the same NONZA_REDIS_URL.",
        )
    elif took > SLOW_SECONDS:
        yield warning(
            "worker.slow",
            f"A worker has done a task, but only after {took:.0f} s: it has too much to do.",
            "Start another worker, or give this one more processes.",
        )
    else:
        yield fine("worker", f"A worker has done a task within {max(took, 0.1):.1f} s.")


def _hears(name: str) -> bool:
    """Wait for the canary; in steps, as a Redis connection of ours waits two seconds at most."""
    redis = get_redis_connection("default")
    deadline = time.monotonic() + CANARY_PATIENCE
    while time.monotonic() < deadline:
        if redis.blpop([tasks.CANARY + name], timeout=1):
            return True
    return False


@check("beat")
def look_at_beat() -> Iterator[Finding]:
    """Look when beat last asked for something; wait for its next time if it has been silent."""
    deadline = time.monotonic() + TICK_PATIENCE
    try:
        age = _tick_age()
        while (age is None or age > TICK_OLD) and time.monotonic() < deadline:
            time.sleep(LOOK_AGAIN)
            age = _tick_age()
    except RedisError:
        yield broken(
            "beat.unknown", "Beat writes to Redis, which does not answer.", "See what is said of Redis."
        )
        return
    if age is not None and age <= TICK_OLD:
        yield fine("beat", f"Beat asked for periodic work {max(age, 0):.0f} s ago.")
        return
    silent = "has never" if age is None else f"has not for {age:.0f} s"
    yield broken(
        "beat.silent",
        f"Beat {silent} asked for periodic work that was done: nothing is repaired, ended or deleted.",
        "If the worker is fine, start beat, one in all (`celery -A nonza.celery beat`); else mend that.",
    )


def _tick_age() -> float | None:
    told = get_redis_connection("default").get(tasks.TICK)
    return None if told is None else time.time() - float(told)
