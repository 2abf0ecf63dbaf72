"""Pushes: groups of sockets, fed through Redis, each socket with a bounded queue and a writer.

A service calls `broadcast_on_commit`; a consumer derives from `PushConsumer`, says in `enter` which
groups a person may hear, and forwards whatever comes. No event is known here by name but `resync`,
which tells a client that something may have been missed and that it should load again.
"""

import asyncio
import contextlib
import logging
import socket
import time
import uuid
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar
from uuid import UUID
from weakref import WeakKeyDictionary

import orjson
import redis.asyncio
from channels.consumer import AsyncConsumer
from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import transaction
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from nonza.errors import NonzaError

logger = logging.getLogger(__name__)

SIGN_IN, NOT_ALLOWED, TOO_SLOW, COME_BACK = 4401, 4403, 4408, 4412

HELLO_SECONDS = 5
HEARTBEAT_SECONDS = 15
SILENCE_SECONDS = 45
SEND_SECONDS = 30
RECHECK_SECONDS = 60
QUEUE_EVENTS, QUEUE_BYTES = 256, 1024 * 1024
FRAME_BYTES = 4096
FRAMES_A_SECOND, FRAMES_AT_ONCE = 20, 40
SEAT_SECONDS = 60
CLOSE_SECONDS = 5

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


# Sending ------------------------------------------------------------------


def broadcast_on_commit(group: str, event: str, payload: Any) -> None:
    """Push an event to a group once the transaction has committed, and never if it rolls back."""
    frame = _frame(event, payload)
    transaction.on_commit(lambda: publish(group, frame), robust=True)


def close_on_commit(group: str, code: int) -> None:
    """Close all sockets of a group once the transaction has committed."""
    transaction.on_commit(lambda: publish(group, f"{_CLOSE}{code}"), robust=True)


def publish(group: str, frame: str) -> None:
    """Hand a finished frame to Redis; a lost push is repaired by the client's next load."""
    try:
        get_redis_connection("default").publish(_CHANNEL + group, frame)
    except RedisError as error:
        logger.warning("A push to %s was lost: %s", group, error)


def _frame(event: str, payload: Any) -> str:
    return orjson.dumps({"event": event, "payload": payload}, option=orjson.OPT_NON_STR_KEYS).decode()


# Receiving ----------------------------------------------------------------


class Hub:
    """Carries what Redis publishes to the sockets of this event loop; one subscription a group."""

    def __init__(self) -> None:
        self.redis = redis.asyncio.Redis.from_url(
            settings.REDIS_URL,
            socket_connect_timeout=2,
            health_check_interval=10,
            max_connections=1000,
            socket_keepalive=True,
            socket_keepalive_options=_GIVE_UP_SOON,
        )
        self._members: dict[str, set[PushConsumer]] = {}
        self._confirmed: dict[str, asyncio.Event] = {}
        self._pubsub = self.redis.pubsub()
        # Two commands at once on a pubsub that has no connection yet would give it two: one is never read.
        self._talking = asyncio.Lock()
        self._reader: asyncio.Task[None] | None = None

    async def join(self, group: str, member: "PushConsumer") -> None:
        """Add a socket to a group; returns once nothing published from now on can be missed."""
        members = self._members.setdefault(group, set())
        members.add(member)
        confirmed = self._confirmed.get(group)
        if confirmed is None:
            confirmed = self._confirmed[group] = asyncio.Event()
            async with self._talking:
                await self._pubsub.subscribe(_CHANNEL + group)
        if self._reader is None or self._reader.done():
            self._reader = asyncio.create_task(self._read())
        await asyncio.wait_for(confirmed.wait(), timeout=HELLO_SECONDS)

    async def leave(self, group: str, member: "PushConsumer") -> None:
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
        if kind == "subscribe" and group in self._confirmed:
            self._confirmed[group].set()
        if kind != "message":
            return
        frame = content.decode()
        for member in tuple(self._members.get(group, ())):
            if frame.startswith(_CLOSE):
                member.close_soon(int(frame.removeprefix(_CLOSE)))
            else:
                member.deliver(frame)

    async def _resubscribe(self) -> None:
        """Subscribe to all groups anew, and tell every socket that it may have missed something."""
        while self._members:
            await asyncio.sleep(0.5)
            try:
                async with self._talking:
                    await self._pubsub.aclose()  # type: ignore[no-untyped-call]
                    self._pubsub = self.redis.pubsub()
                    if not self._members:  # the last one left meanwhile
                        return
                    await self._pubsub.subscribe(*[_CHANNEL + group for group in self._members])
            except (RedisError, OSError):
                continue
            frame = _frame("resync", {})
            for member in {member for members in self._members.values() for member in members}:
                member.deliver(frame)
            return


_hubs: "WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = WeakKeyDictionary()


def current_hub() -> Hub:
    """Return the hub of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]


# The socket ---------------------------------------------------------------

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[Any]]


class Refused(Exception):
    """The socket must close with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class PushConsumer(AsyncConsumer):
    """A socket that pushes: hello with a ticket, then heartbeats; everything else goes over HTTP.

    Frames in: {"type": "hello", "ticket": …} within 5 s, {"type": "heartbeat", …} every 15 s.
    Frames out: {"event": …, "payload": …}. Closes: 4401 sign in, 4403 not allowed, 4408 too slow
    (256 events or 1 MiB wait), 4412 come back later.
    """

    kind: ClassVar[str]

    def __init__(self) -> None:
        self._queue: deque[str] = deque()
        self._queued_bytes = 0
        self._wake = asyncio.Event()
        self._close_code: int | None = None
        self._groups: list[str] = []
        self._socket_id = uuid.uuid4().hex
        self._frames_left = float(FRAMES_AT_ONCE)
        self._frame_at = time.monotonic()

    async def enter(self, hello: dict[str, Any]) -> tuple[str, list[str], dict[str, Any]]:
        """Return (whose seat it is, the groups, the hello's payload); raises NonzaError or Refused."""
        raise NotImplementedError

    async def may_stay(self) -> bool:
        """Say whether the right to listen still holds; asked every minute."""
        raise NotImplementedError

    async def heartbeat(self, frame: dict[str, Any]) -> None:
        """Take what the client says of itself with a heartbeat."""

    # What the hub calls ---------------------------------------------------

    def deliver(self, frame: str) -> None:
        """Queue a frame for the client, or give it up as too slow."""
        if self._close_code is not None:
            return
        if len(self._queue) >= QUEUE_EVENTS or self._queued_bytes + len(frame) > QUEUE_BYTES:
            self._queue.clear()
            self.close_soon(TOO_SLOW)
            return
        self._queue.append(frame)
        self._queued_bytes += len(frame)
        self._wake.set()

    def close_soon(self, code: int) -> None:
        """Close once what is queued has been sent."""
        self._close_code = self._close_code or code
        self._wake.set()

    # The life of a socket -------------------------------------------------

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Serve one socket from connect to disconnect (ASGI)."""
        self.scope = scope
        await receive()  # websocket.connect
        await send({"type": "websocket.accept"})
        tasks: set[asyncio.Task[None]] = set()
        try:
            await self._enter(receive)
            tasks = {
                asyncio.create_task(self._write(send)),
                asyncio.create_task(self._listen(receive)),
                asyncio.create_task(self._recheck()),
            }
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.gather(*done)
        except Refused as refused:
            await _close(send, refused.code)
        except (DatabaseFault, RedisError, OSError) as error:
            logger.warning("A socket gave up: %r", error)
            await _close(send, COME_BACK)
        except _Gone:
            pass
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._clean_up()

    async def _enter(self, receive: Receive) -> None:
        try:
            hello = await asyncio.wait_for(_next_frame(receive), HELLO_SECONDS)
        except TimeoutError:
            raise Refused(SIGN_IN) from None
        if hello.get("type") != "hello" or not isinstance(hello.get("ticket"), str):
            raise Refused(SIGN_IN)
        try:
            seat, groups, payload = await self.enter(hello)
            await self._take_socket_seat(seat)
            for group in groups:
                self._groups.append(group)
                await current_hub().join(group, self)
        except NonzaError as refusal:
            raise Refused(SIGN_IN if refusal.status == 401 else NOT_ALLOWED) from None  # noqa: PLR2004 -- HTTP
        self.deliver(_frame("hello", {**payload, "heartbeat_seconds": HEARTBEAT_SECONDS}))

    async def _write(self, send: Send) -> None:
        while True:
            while self._queue:
                frame = self._queue.popleft()
                self._queued_bytes -= len(frame)
                try:
                    async with asyncio.timeout(SEND_SECONDS):
                        await send({"type": "websocket.send", "text": frame})
                except TimeoutError:
                    raise Refused(TOO_SLOW) from None
            if self._close_code is not None:
                raise Refused(self._close_code)
            self._wake.clear()
            await self._wake.wait()

    async def _listen(self, receive: Receive) -> None:
        while True:
            try:
                frame = await asyncio.wait_for(_next_frame(receive), SILENCE_SECONDS)
            except TimeoutError:
                raise Refused(COME_BACK) from None
            if frame.get("type") != "heartbeat" or not self._within_rate():
                raise Refused(NOT_ALLOWED)
            await self.heartbeat(frame)
            await self._renew_socket_seat()
            self.deliver(_frame("heartbeat", {}))

    async def _recheck(self) -> None:
        """The push that ends a right can be lost, so the right is looked at again by the clock."""
        while True:
            await asyncio.sleep(RECHECK_SECONDS)
            if not await self.may_stay():
                raise Refused(NOT_ALLOWED)

    def _within_rate(self) -> bool:
        now = time.monotonic()
        gained = (now - self._frame_at) * FRAMES_A_SECOND
        self._frames_left = min(FRAMES_AT_ONCE, self._frames_left + gained) - 1
        self._frame_at = now
        return self._frames_left >= 0

    async def _clean_up(self) -> None:
        for group in self._groups:
            await current_hub().leave(group, self)
        await self._free_socket_seat()

    # How many sockets one person or address may hold ------------------------

    async def _take_socket_seat(self, seat: str) -> None:
        self._seats = {
            f"nonza:sockets:{self.kind}:{seat}": settings.SOCKETS_PER_PARTICIPANT,
            f"nonza:sockets:ip:{self.client_prefix()}": settings.SOCKETS_PER_IP,
        }
        connection = current_hub().redis
        for key, most in self._seats.items():
            await connection.zremrangebyscore(key, 0, time.time())
            await connection.zadd(key, {self._socket_id: time.time() + SEAT_SECONDS})
            await connection.expire(key, SEAT_SECONDS)
            if await connection.zcard(key) > most:
                raise Refused(COME_BACK)

    def client_prefix(self) -> str:
        """Return what sockets of one place are counted by."""
        raise NotImplementedError

    async def _renew_socket_seat(self) -> None:
        with contextlib.suppress(RedisError, OSError):
            for key in self._seats:
                await current_hub().redis.zadd(key, {self._socket_id: time.time() + SEAT_SECONDS})
                await current_hub().redis.expire(key, SEAT_SECONDS)

    async def _free_socket_seat(self) -> None:
        with contextlib.suppress(RedisError, OSError):
            for key in getattr(self, "_seats", {}):
                await current_hub().redis.zrem(key, self._socket_id)


class _Gone(Exception):
    """The client closed the socket."""


async def _close(send: Send, code: int) -> None:
    """Close the socket; a peer that has gone, or reads nothing any more, holds nobody up."""
    with contextlib.suppress(Exception):
        async with asyncio.timeout(CLOSE_SECONDS):
            await send({"type": "websocket.close", "code": code})


async def _next_frame(receive: Receive) -> dict[str, Any]:
    """Return the next JSON object; raises Refused for anything else, _Gone at the end."""
    message = await receive()
    if message["type"] == "websocket.disconnect":
        raise _Gone
    text = message.get("text") or ""
    if not 0 < len(text) <= FRAME_BYTES:
        raise Refused(NOT_ALLOWED)
    try:
        frame = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Refused(NOT_ALLOWED) from None
    if not isinstance(frame, dict):
        raise Refused(NOT_ALLOWED)
    return frame
