"""The sockets of this process that have a space open, and their confirmation by the clock.

One task for all of them: a thousand members of one space cost one command every ten seconds, not a
thousand.
"""

import asyncio
import logging
from functools import partial
from uuid import UUID
from weakref import WeakKeyDictionary

from redis.exceptions import RedisError

from nonza.realtime import frame_of, space_group
from nonza.realtime.batches import Batches
from nonza.realtime.hub import current_hub
from spaces.services.presence import (
    CONFIRM_EVERY_SECONDS,
    PRESENCE,
    Socket,
    arguments_of,
    keys_of,
    news_of,
)

logger = logging.getLogger(__name__)

# So many at once have not just come: Redis has lost them. One word to load again is cheaper than theirs.
CAME_AT_MOST = 50


class Attendance:
    """Keeps the sockets of one event loop online."""

    def __init__(self) -> None:
        self._sockets: dict[UUID, dict[str, Socket]] = {}
        self._script = current_hub().redis.register_script(PRESENCE)
        self._task: asyncio.Task[None] | None = None
        self._coming = Batches(partial(self._say_of_many, "touch"), CAME_AT_MOST)
        self._going = Batches(partial(self._say_of_many, "leave"), CAME_AT_MOST)

    async def come(self, space_id: UUID, socket: Socket) -> None:
        """Count a socket from now on; the space is told if its user was not online."""
        self._sockets.setdefault(space_id, {})[socket.socket_id] = socket
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._confirm())
        await self._coming.ask((space_id, socket))

    async def go(self, space_id: UUID, socket_id: str) -> None:
        """Count a socket no more; the space is told if it was its user's last."""
        sockets = self._sockets.get(space_id, {})
        socket = sockets.pop(socket_id, None)
        if not sockets:
            self._sockets.pop(space_id, None)
        if socket is not None:
            await self._going.ask((space_id, socket))

    async def confirm(self) -> None:
        """Confirm every socket once, and give up what other processes no longer confirm."""
        for space_id, sockets in list(self._sockets.items()):
            await self._say(space_id, "touch", list(sockets.values()))

    async def _confirm(self) -> None:
        while self._sockets:
            await asyncio.sleep(CONFIRM_EVERY_SECONDS)
            await self.confirm()

    async def _say_of_many(self, what: str, sockets: list[tuple[UUID, Socket]]) -> list[None]:
        by_space: dict[UUID, list[Socket]] = {}
        for space_id, socket in sockets:
            by_space.setdefault(space_id, []).append(socket)
        for space_id, its_sockets in by_space.items():
            await self._say(space_id, what, its_sockets)
        return [None] * len(sockets)

    async def _say(self, space_id: UUID, what: str, sockets: list[Socket]) -> None:
        """Change what Redis knows; while it is away nobody is online, and the next confirmation mends it."""
        try:
            client = current_hub().redis
            answer = await self._script(
                keys=keys_of(space_id), args=arguments_of(what, sockets), client=client
            )
            news = news_of(answer)
            frames = news.frames() if len(news.came) <= CAME_AT_MOST else [frame_of("resync", {})]
            if frames:
                await current_hub().publish(space_group(space_id), frames)
        except (RedisError, OSError) as error:
            logger.info("Who is online in a space could not be told: %r", error)


_attendances: "WeakKeyDictionary[asyncio.AbstractEventLoop, Attendance]" = WeakKeyDictionary()


def current_attendance() -> Attendance:
    """Return the attendance of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _attendances:
        _attendances[loop] = Attendance()
    return _attendances[loop]
