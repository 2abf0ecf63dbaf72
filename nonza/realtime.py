"""Pushes: from a service's `broadcast_on_commit` through Redis to the hub of every process that listens.

No event is known here by name but `resync`, which tells a client that something may have been missed
and that it should load again.
"""

import asyncio
import contextlib
import logging
import socket
import time
from typing import Any, Protocol
from uuid import UUID
from weakref import WeakKeyDictionary

import orjson
import redis.asyncio
from django.conf import settings
from django.db import transaction
from django_redis import get_redis_connection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from nonza.redis_breaker import TIMEOUT_SECONDS, breaker

logger = logging.getLogger(__name__)

SIGN_IN, NOT_ALLOWED, TOO_SLOW, COME_BACK = 4401, 4403, 4408, 4412
CONFIRM_SECONDS = 5
# A rush of sockets shares them; each would else open one, and a pool never closes what it has.
CONNECTIONS_AT_MOST = 32
SEAT_SECONDS = 60

# A Redis that vanished without a word (a dead host) is noticed in seconds, not in a quarter of an hour.
_GIVE_UP_SOON = {socket.TCP_USER_TIMEOUT: 20_000} if hasattr(socket, "TCP_USER_TIMEOUT") else {}
_CHANNEL = "nonza:push:"
_CLOSE = "close "


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


def close_on_commit(group: str, code: int) -> None:
    """Close all sockets of a group once the transaction has committed."""
    transaction.on_commit(lambda: publish(group, f"{_CLOSE}{code}"), robust=True)


def publish(group: str, frame: str) -> None:
    """Hand a finished frame to Redis; who misses it because Redis is away is told to load again."""
    try:
        get_redis_connection("default").publish(_CHANNEL + group, frame)
    except RedisError as error:
        if breaker.is_open:
            breaker.later(f"pushes to {group}", lambda: publish(group, frame_of("resync", {})))
        else:
            logger.warning("A push to %s was lost: %s", group, error)


def frame_of(event: str, payload: Any) -> str:
    """Return an event as it goes over the wire."""
    return orjson.dumps({"event": event, "payload": payload}, option=orjson.OPT_NON_STR_KEYS).decode()


# Receiving ----------------------------------------------------------------


class Member(Protocol):
    """A socket, as the hub knows it."""

    def deliver(self, frame: str) -> None:
        """Take a frame for the client."""

    def close_soon(self, code: int) -> None:
        """Close once what was taken before has been sent."""


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
        self._members: dict[str, set[Member]] = {}
        self._confirmed: dict[str, asyncio.Event] = {}
        # Groups that were subscribed anew and are not confirmed yet: until then pushes can be missed.
        self._unheard: set[str] = set()
        self._seat_script = self.redis.register_script(_TAKE_SEAT)
        self._pubsub = self._subscriber.pubsub()
        # Two commands at once on a pubsub that has no connection yet would give it two: one is never read.
        self._talking = asyncio.Lock()
        self._reader: asyncio.Task[None] | None = None

    async def join(self, group: str, member: "Member") -> None:
        """Add a socket to a group; returns once nothing published from now on can be missed."""
        members = self._members.setdefault(group, set())
        members.add(member)
        async with self._talking:
            confirmed = self._confirmed.get(group)
            if confirmed is None:
                confirmed = await self._subscribe(group)
            if self._reader is None or self._reader.done():
                self._reader = asyncio.create_task(self._read())
        await asyncio.wait_for(confirmed.wait(), timeout=CONFIRM_SECONDS)

    async def _subscribe(self, group: str) -> asyncio.Event:
        """Ask Redis for a group; the confirmation may come before the asking has returned."""
        confirmed = self._confirmed[group] = asyncio.Event()
        try:
            await self._pubsub.subscribe(_CHANNEL + group)
        except BaseException:
            del self._confirmed[group]
            raise
        return confirmed

    async def leave(self, group: str, member: "Member") -> None:
        """Remove a socket; the last one of a group ends its subscription."""
        members = self._members.get(group)
        if members is None:
            return
        members.discard(member)
        if not members:
            del self._members[group]
            self._confirmed.pop(group, None)
            with contextlib.suppress(RedisError, OSError):
                async with self._talking:
                    await self._pubsub.unsubscribe(_CHANNEL + group)

    async def take_seat(self, socket_id: str, limits: dict[str, int]) -> bool:
        """Take a seat at every key for a minute, or at none if one has its most sockets already."""
        arguments: list[str | float] = [socket_id, time.time(), SEAT_SECONDS, *limits.values()]
        return bool(await self._seat_script(keys=list(limits), args=arguments, client=self.redis))

    async def publish(self, group: str, frames: list[str]) -> None:
        """Hand finished frames to Redis in one go; raises RedisError."""
        commands = self.redis.pipeline(transaction=False)
        for frame in frames:
            commands.publish(_CHANNEL + group, frame)
        await commands.execute()

    async def _read(self) -> None:
        while self._members:
            try:
                message = await self._pubsub.get_message(timeout=30)
            except Exception as error:  # noqa: BLE001 -- without a reader every socket would be deaf, and stay
                logger.warning("Redis is away (%r); sockets stay and will load again", error)
                await self._resubscribe()
                continue
            if message is not None:
                self._deliver(message["type"], message["channel"].decode(), message["data"])

    def _deliver(self, kind: str, channel: str, content: Any) -> None:
        group = channel.removeprefix(_CHANNEL)
        if kind == "subscribe":
            self._confirm(group)
        if kind != "message":
            return
        frame = content.decode()
        for member in tuple(self._members.get(group, ())):
            if frame.startswith(_CLOSE):
                member.close_soon(int(frame.removeprefix(_CLOSE)))
            else:
                member.deliver(frame)

    def _confirm(self, group: str) -> None:
        """Nothing said to the group from now on can be missed; say so to who may have missed something."""
        if group in self._confirmed:
            self._confirmed[group].set()
        if group not in self._unheard:
            return
        self._unheard.discard(group)
        if self._unheard & self._members.keys():  # the last one speaks for all: a socket loads once
            return
        self._unheard.clear()
        frame = frame_of("resync", {})
        for member in {member for members in self._members.values() for member in members}:
            member.deliver(frame)

    async def _resubscribe(self) -> None:
        """Subscribe to all groups anew; every socket is told when that is confirmed."""
        while self._members:
            await asyncio.sleep(0.5)
            try:
                async with self._talking:
                    await self._pubsub.aclose()  # type: ignore[no-untyped-call]
                    self._pubsub = self._subscriber.pubsub()
                    if not self._members:  # the last one left meanwhile
                        return
                    self._unheard = set(self._members)
                    await self._pubsub.subscribe(*[_CHANNEL + group for group in self._members])
            except (RedisError, OSError):
                continue
            return


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
