"""Periodic work: never by two at once, and not again right after another has done it.

Two beats, a beat that catches up and a worker that is killed in the middle are all the same to it.
"""

import contextlib
import secrets
from collections.abc import Callable, Iterator

from django_redis import get_redis_connection

# How long the work of a killed worker keeps others away; whoever works says so at least this often.
HOLD_SECONDS = 10
_IF_MINE = """
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then return redis.call('del', KEYS[1]) end
return redis.call('pexpire', KEYS[1], ARGV[2])
"""

GoOn = Callable[[], None]


def never_mind() -> None:
    """Go on where nobody else could be at the same work."""


@contextlib.contextmanager
def alone(work: str, *, every: float) -> Iterator[GoOn | None]:
    """Yield None if another is at this work or has just done it, else what to call now and then while at it.

    `every` is the work's period in seconds: for half of it nobody does it again. Work that fails may
    be done again at once.
    """
    redis = get_redis_connection("default")
    key, mine = f"nonza:periodic:{work}", secrets.token_hex(8)
    if not redis.set(key, mine, px=HOLD_SECONDS * 1000, nx=True):
        yield None
        return

    def hold(milliseconds: int) -> None:
        redis.eval(_IF_MINE, 1, key, mine, milliseconds)

    try:
        yield lambda: hold(HOLD_SECONDS * 1000)
    except BaseException:
        hold(0)
        raise
    hold(int(every * 500))
