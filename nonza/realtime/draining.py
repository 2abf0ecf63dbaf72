"""A process of sockets that is going to end: it takes nobody in, and sends everybody elsewhere in time.

All at once would be a rush on those who take them over, so they go in slices, and each is asked to come
back after a moment of its own.
"""

import asyncio
import logging
import secrets
from typing import Protocol

from django.conf import settings

logger = logging.getLogger(__name__)

SLICE_SECONDS = 0.1
# Few need no time: at least so many go with each slice.
SLICE_AT_LEAST = 10
RETRY_AFTER_SECONDS = 5.0
GONE_SECONDS = 5.0

_random = secrets.SystemRandom()


class Drained(Protocol):
    """A socket that can be sent elsewhere."""

    def drain(self, retry_after: float) -> None:
        """Close with 4412, and ask the client to wait for so many seconds."""


sockets: set[Drained] = set()
"""All sockets that this process serves."""
_begun = False


def has_begun() -> bool:
    """Say whether this process takes no more sockets."""
    return _begun


def begin() -> None:
    """Take no more sockets; the probe of readiness says so from now on."""
    global _begun  # noqa: PLW0603 -- one process, one fate
    _begun = True


async def drain() -> None:
    """Send all sockets elsewhere within `settings.DRAIN_SECONDS`; returns when they have gone."""
    begin()
    count = len(sockets)
    slices = max(1, int(settings.DRAIN_SECONDS / SLICE_SECONDS))
    at_once = max(SLICE_AT_LEAST, -(-count // slices))
    logger.info("Sending %d sockets elsewhere, %d at once", count, at_once)
    told: set[Drained] = set()
    while waiting := list(sockets - told)[:at_once]:
        for socket in waiting:
            socket.drain(_random.uniform(0, RETRY_AFTER_SECONDS))
        told.update(waiting)
        await asyncio.sleep(SLICE_SECONDS)
    for _count in range(int(GONE_SECONDS / SLICE_SECONDS)):
        if not sockets:
            break
        await asyncio.sleep(SLICE_SECONDS)
