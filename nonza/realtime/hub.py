"""The hub of a process: one subscription to Redis for each group that somebody here listens to.

What is published becomes one frame for all members of the group. Streams are put in order by their feeds
(`feeds.py`), whose logs are asked by the clock, and after every loss of Redis, where they stand.
"""

import asyncio
import contextlib
import logging
import socket
import time
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import redis.asyncio
from django.conf import settings
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from nonza.realtime import CHANNEL, CLOSE, LOGGED, MANY, PASSING, frame_of
from nonza.realtime.batches import AT_MOST, Batches
from nonza.realtime.feeds import AGAIN_SECONDS, Feed
from nonza.realtime.frames import Batch, Frame
from nonza.realtime.rooms import Member, Room
from nonza.realtime.streams import Position
from nonza.realtime.threads import in_database
from nonza.redis_breaker import TIMEOUT_SECONDS

logger = logging.getLogger(__name__)

CONFIRM_SECONDS = 5
# A rush of sockets shares them; each would else open one, and a pool never closes what it has.
CONNECTIONS_AT_MOST = 32
SEAT_SECONDS = 60
TOPS_SECONDS = 25
TOPS_AT_ONCE = 500

# A Redis that vanished without a word (a dead host) is noticed in seconds, not in a quarter of an hour.
_GIVE_UP_SOON = {socket.TCP_USER_TIMEOUT: 20_000} if hasattr(socket, "TCP_USER_TIMEOUT") else {}

# KEYS: the seats of a person and of an address. ARGV: the socket, the time, a seat's seconds, then the
# most sockets at each key. Answers 1 and takes a seat at all of them, or 0 and takes none.
_TAKE_SEAT = """
for i, key in ipairs(KEYS) do
  redis.call('ZREMRANGEBYSCORE', key, 0, ARGV[2])
  if redis.call('ZCARD', key) >= tonumber(ARGV[3 + i]) then return 0 end
end
for _, key in ipairs(KEYS) do
  redis.call('ZADD', key, ARGV[2] + ARGV[3], ARGV[1])
  redis.call('EXPIRE', key, ARGV[3])
end
return 1
"""


class Hub:
    """Carries what Redis publishes to the sockets of this event loop; one subscription a group."""

    def __init__(self) -> None:
        self.redis = _client(retries=1, at_most=CONNECTIONS_AT_MOST, socket_timeout=TIMEOUT_SECONDS)
        # Its connection must not be made anew in silence: what was said meanwhile has been missed.
        self._subscriber = _client(retries=0, at_most=CONNECTIONS_AT_MOST, health_check_interval=10)
        self._rooms: dict[str, Room] = {}
        self._gathered_in: dict[Member, Room] = {}
        self._confirmed: dict[str, asyncio.Event] = {}
        # Groups that were subscribed anew and are not confirmed yet: until then pushes can be missed.
        self._unheard: set[str] = set()
        self._seat_script = self.redis.register_script(_TAKE_SEAT)
        self._subscriptions = Batches(self._subscribe, AT_MOST)
        self._seats = Batches(self._take_seats, AT_MOST)
        self._pubsub = self._subscriber.pubsub()
        # Two commands at once on a pubsub that has no connection yet would give it two: one is never read.
        self._talking = asyncio.Lock()
        self._reader: asyncio.Task[None] | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._checking: asyncio.Task[None] | None = None

    async def join(self, group: str, member: Member, audience: tuple[str, UUID] | None = None) -> Room:
        """Add a socket to a group; returns once nothing published from now on can be missed.

        With an audience (its kind and key) the group is the one whose streams its sockets carry.
        """
        room = self._rooms.get(group)
        if room is None:
            room = self._rooms[group] = Room(audience)
        room.members.add(member)
        if room.gathers:
            self._gathered_in[member] = room
        confirmed = self._confirmed.get(group)
        if confirmed is None:
            await self._subscriptions.ask(group)
            confirmed = self._confirmed[group]
        if not confirmed.is_set():
            async with asyncio.timeout(CONFIRM_SECONDS):
                await confirmed.wait()
        if self._watcher is None or self._watcher.done():
            self._watcher = asyncio.create_task(self._watch())
        return room

    async def _subscribe(self, groups: list[str]) -> list[None]:
        """Ask Redis for groups; their confirmation may come before the asking has returned."""
        async with self._talking:
            new = [group for group in dict.fromkeys(groups) if group not in self._confirmed]
            self._confirmed.update({group: asyncio.Event() for group in new})
            try:
                if new:
                    await self._pubsub.subscribe(*[CHANNEL + group for group in new])
            except BaseException:
                for group in new:
                    self._confirmed.pop(group, None)
                raise
            if self._reader is None or self._reader.done():
                self._reader = asyncio.create_task(self._read())
        return [None] * len(groups)

    async def leave(self, group: str, member: Member) -> None:
        """Remove a socket; the last one of a group ends its subscription."""
        room = self._rooms.get(group)
        if room is None:
            return
        room.members.discard(member)
        if self._gathered_in.get(member) is room:
            del self._gathered_in[member]
        if not room.members:
            room.stop()
            del self._rooms[group]
            self._confirmed.pop(group, None)
            with contextlib.suppress(RedisError, OSError):
                async with self._talking:
                    if group not in self._rooms:  # somebody may have come while another one talked
                        await self._pubsub.unsubscribe(CHANNEL + group)

    async def take_seat(self, socket_id: str, limits: dict[str, int]) -> bool:
        """Take a seat at every key for a minute, or at none if one has its most sockets already."""
        return await self._seats.ask((socket_id, limits))

    async def _take_seats(self, wanted: list[tuple[str, dict[str, int]]]) -> list[bool | Exception]:
        commands = self.redis.pipeline(transaction=False)
        for socket_id, limits in wanted:
            arguments: list[str | float] = [socket_id, time.time(), SEAT_SECONDS, *limits.values()]
            await self._seat_script(keys=list(limits), args=arguments, client=commands)
        return [bool(taken) for taken in await commands.execute()]

    async def publish(self, group: str, frames: list[str]) -> None:
        """Hand finished frames to Redis as one; raises RedisError."""
        text = MANY + "\n".join(frames) if len(frames) > 1 else frames[0]  # JSON has no line breaks
        await self.redis.publish(CHANNEL + group, text)

    # What Redis brings ----------------------------------------------------

    async def _read(self) -> None:
        while self._rooms:
            try:
                message = await self._pubsub.get_message(timeout=30)
            except Exception as error:  # noqa: BLE001 -- without a reader every socket would be deaf, and stay
                logger.warning("Redis is away (%r); sockets stay and will load again", error)
                await self._resubscribe()
                continue
            if message is not None:
                self._deliver(message["type"], message["channel"].decode(), message["data"])

    def _deliver(self, kind: str, channel: str, content: Any) -> None:
        group = channel.removeprefix(CHANNEL)
        if kind == "subscribe":
            self._confirm(group)
        room = self._rooms.get(group)
        if kind != "message" or room is None:
            return
        if not room.gathers:  # what was said to a member in the room of many must not come later than this
            for member in room.members & self._gathered_in.keys():
                self._gathered_in[member].flush()
        try:
            _tell(room, content)
        except Exception:
            logger.exception("What was published to %s makes no sense", group)

    def _confirm(self, group: str) -> None:
        """Nothing said to the group from now on can be missed; say so to who may have missed something."""
        if group in self._confirmed:
            self._confirmed[group].set()
        if group not in self._unheard:
            return
        self._unheard.discard(group)
        if self._unheard & self._rooms.keys():  # the last one speaks for all: a socket loads once
            return
        self._unheard.clear()
        batch = Batch.of(frame_of("resync", {}))
        for room in self._rooms.values():
            room.flush()
        for member in {member for room in self._rooms.values() for member in room.members}:
            member.deliver(batch)
        self.check_tops()

    async def _resubscribe(self) -> None:
        """Subscribe to all groups anew; every socket is told when that is confirmed."""
        while self._rooms:
            await asyncio.sleep(0.5)
            try:
                async with self._talking:
                    await self._pubsub.aclose()  # type: ignore[no-untyped-call]
                    self._pubsub = self._subscriber.pubsub()
                    if not self._rooms:  # the last one left meanwhile
                        return
                    self._unheard = set(self._rooms)
                    await self._pubsub.subscribe(*[CHANNEL + group for group in self._rooms])
            except (RedisError, OSError):
                continue
            return

    # Where the logs stand ---------------------------------------------------

    async def _watch(self) -> None:
        """A lost last push leaves no gap that the next one could show."""
        while self._rooms:
            await asyncio.sleep(TOPS_SECONDS)
            self.check_tops()

    def check_tops(self) -> None:
        """Ask all logs that somebody here follows where they stand."""
        if self._checking is None or self._checking.done():
            self._checking = asyncio.create_task(self._check_tops())

    async def _check_tops(self) -> None:
        by_reader: dict[int, list[Feed]] = {}
        for room in self._rooms.values():
            for feed in room.feeds.values():
                by_reader.setdefault(id(feed.reader), []).append(feed)
        await asyncio.gather(*[self._check_feeds(feeds) for feeds in by_reader.values()])

    async def _check_feeds(self, feeds: list[Feed]) -> None:
        for first in range(0, len(feeds), TOPS_AT_ONCE):
            some = feeds[first : first + TOPS_AT_ONCE]
            while self._rooms:
                if await _check_some(some):
                    break
                await asyncio.sleep(AGAIN_SECONDS)


async def _check_some(feeds: list[Feed]) -> bool:
    """Compare some feeds of one reader with their logs; False if these cannot be asked now."""
    before = {feed: feed.position for feed in feeds}
    try:
        tops: dict[UUID, Position] = await in_database(feeds[0].reader.tops)([feed.key for feed in feeds])
    except Exception as error:  # noqa: BLE001 -- it is asked again
        logger.info("Where logs stand could not be told: %r", error)
        return False
    for feed in feeds:
        if feed.key in tops:
            feed.note_top(tops[feed.key], before[feed])
    return True


def _tell(room: Room, content: bytes) -> None:
    """Hand what was published to everybody in the room; raises ValueError if it is cut off."""
    if content.startswith(b"{"):
        room.take(Frame(content))
    elif content.startswith(LOGGED.encode()):
        _, stream, epoch, offset, json = content.split(b" ", 4)
        feed = room.feeds.get(stream.decode())
        if feed is not None:
            feed.push(Position(epoch.decode(), int(offset)), json)
    elif content.startswith(PASSING.encode()):
        _, key, json = content.split(b" ", 2)
        room.take(Frame(json, key=key.decode()))
    elif content.startswith(MANY.encode()):
        for part in content.split(b"\n")[1:]:
            _tell(room, part)
    elif content.startswith(CLOSE.encode()):
        room.close_soon(int(content.removeprefix(CLOSE.encode())))
    else:
        room.take(Frame(content))


def _client(*, retries: int, at_most: int, **options: Any) -> redis.asyncio.Redis:
    """Return a client with so many connections; who finds none free waits for one as for an answer."""
    pool = redis.asyncio.BlockingConnectionPool.from_url(
        settings.REDIS_URL,
        max_connections=at_most,
        timeout=TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), retries, supported_errors=(redis.ConnectionError,)),
        socket_connect_timeout=TIMEOUT_SECONDS,
        socket_keepalive=True,
        socket_keepalive_options=_GIVE_UP_SOON,
        **options,
    )
    return redis.asyncio.Redis.from_pool(pool)


_hubs: "WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = WeakKeyDictionary()


def current_hub() -> Hub:
    """Return the hub of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
