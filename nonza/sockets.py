"""A socket that pushes: its hello, its heartbeats, its bounded queue, and how it ends.

A consumer derives from `PushConsumer`, says in `enter` which groups a person may hear, and forwards
whatever the hub brings.
"""

import asyncio
import contextlib
import logging
import time
import uuid
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar, TypeVar, cast

import orjson
from channels.consumer import AsyncConsumer
from channels.db import DatabaseSyncToAsync
from django.conf import settings
from django.db import Error as DatabaseFault
from redis.exceptions import RedisError

from nonza.errors import NonzaError, come_back_after
from nonza.realtime import (
    COME_BACK,
    NOT_ALLOWED,
    SEAT_SECONDS,
    SIGN_IN,
    TOO_SLOW,
    current_hub,
    frame_of,
)
from nonza.redis_breaker import AWAY, breaker

logger = logging.getLogger(__name__)

Value = TypeVar("Value")

HELLO_SECONDS = 5
HEARTBEAT_SECONDS = 15
SILENCE_SECONDS = 45
SEND_SECONDS = 30
RECHECK_SECONDS = 60
QUEUE_EVENTS, QUEUE_BYTES = 256, 1024 * 1024
FRAME_BYTES = 4096
FRAMES_A_SECOND, FRAMES_AT_ONCE = 20, 40
# More hellos at once than this wait longer than a client does; a client that comes back later loses less.
ENTERING_AT_MOST = 100
CLOSE_SECONDS = 5

# asgiref would give all sockets one thread: a slow query of one would hold up every other.
_DATABASE_THREADS = ThreadPoolExecutor(4, thread_name_prefix="sockets-database")


def in_database(work: Callable[..., Value]) -> Callable[..., Awaitable[Value]]:
    """Let a consumer await a function that asks the database."""
    return cast(
        "Callable[..., Awaitable[Value]]",
        DatabaseSyncToAsync(work, thread_sensitive=False, executor=_DATABASE_THREADS),
    )


Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[Any]]


class Refused(Exception):
    """The socket must close with this code; who is asked to come back is told after how many seconds."""

    def __init__(self, code: int, *, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after


class PushConsumer(AsyncConsumer):
    """A socket that pushes: hello with a ticket, then heartbeats; everything else goes over HTTP.

    Frames in: {"type": "hello", "ticket": …} within 5 s, {"type": "heartbeat", …} every 15 s.
    Frames out: {"event": …, "payload": …}. Closes: 4401 sign in, 4403 not allowed, 4408 too slow
    (256 events or 1 MiB wait), 4412 come back later.
    """

    kind: ClassVar[str]
    entering: ClassVar[int] = 0  # sockets of this process that have said hello and wait for the answer

    def __init__(self) -> None:
        self._queue: deque[str] = deque()
        self._queued_bytes = 0
        self._wake = asyncio.Event()
        self._close_code: int | None = None
        self._groups: list[str] = []
        self._socket_id = uuid.uuid4().hex
        self._seats: dict[str, int] = {}
        self._frames_left = float(FRAMES_AT_ONCE)
        self._frame_at = time.monotonic()

    async def enter(self, hello: dict[str, Any]) -> tuple[str, list[str], dict[str, Any]]:
        """Return (whose seat it is, the groups, the hello's payload); raises NonzaError or Refused."""
        raise NotImplementedError

    async def may_stay(self) -> bool:
        """Say whether the right to listen still holds; asked every minute."""
        raise NotImplementedError

    async def entered(self) -> None:
        """Do what begins with the hello's answer."""

    async def left(self) -> None:
        """Do what ends with the socket, if it was let in or not."""

    def seats_at_most(self) -> int:
        """Return how many sockets of this kind one person may have."""
        return int(settings.SOCKETS_PER_PARTICIPANT)

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
            await _close(send, refused.code, refused.retry_after)
        except (DatabaseFault, RedisError, OSError) as error:
            logger.warning("A socket gave up: %r", error)
            await _close(send, COME_BACK, come_back_after(1))
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
        if PushConsumer.entering >= ENTERING_AT_MOST:
            raise Refused(COME_BACK, retry_after=come_back_after(2))
        PushConsumer.entering += 1
        try:
            await self._be_let_in(hello)
        finally:
            PushConsumer.entering -= 1

    async def _be_let_in(self, hello: dict[str, Any]) -> None:
        try:
            seat, groups, payload = await self.enter(hello)
            await self._take_socket_seat(seat)
            for group in groups:
                self._groups.append(group)
                await current_hub().join(group, self)
        except NonzaError as refusal:
            raise Refused(SIGN_IN if refusal.status == 401 else NOT_ALLOWED) from None  # noqa: PLR2004 -- HTTP
        self.deliver(frame_of("hello", {**payload, "heartbeat_seconds": HEARTBEAT_SECONDS}))
        await self.entered()

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
            try:
                await self.heartbeat(frame)
            except (DatabaseFault, OSError) as error:  # what a heartbeat tells is told again by the next one
                logger.info("A heartbeat was not noted: %r", error)
            await self._renew_socket_seat()
            self.deliver(frame_of("heartbeat", {}))

    async def _recheck(self) -> None:
        """The push that ends a right can be lost, so the right is looked at again by the clock."""
        while True:
            await asyncio.sleep(RECHECK_SECONDS)
            try:
                may_stay = await self.may_stay()
            except (DatabaseFault, OSError) as error:  # while nothing can be written, no right ends either
                logger.info("A right was not looked at again: %r", error)
                continue
            if not may_stay:
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
        with contextlib.suppress(DatabaseFault, RedisError, OSError):
            await self.left()

    # How many sockets one person or address may hold ------------------------

    async def _take_socket_seat(self, seat: str) -> None:
        self._seats = {
            f"nonza:sockets:{self.kind}:{seat}": self.seats_at_most(),
            f"nonza:sockets:ip:{self.client_prefix()}": settings.SOCKETS_PER_IP,
        }
        if not await current_hub().take_seat(self._socket_id, self._seats):
            self._seats = {}
            raise Refused(COME_BACK, retry_after=come_back_after(1))

    def client_prefix(self) -> str:
        """Return what sockets of one place are counted by."""
        raise NotImplementedError

    async def _renew_socket_seat(self) -> None:
        await self._at_seats(
            lambda commands, key: (
                commands.zadd(key, {self._socket_id: time.time() + SEAT_SECONDS}),
                commands.expire(key, SEAT_SECONDS),
            )
        )

    async def _free_socket_seat(self) -> None:
        await self._at_seats(lambda commands, key: commands.zrem(key, self._socket_id))

    async def _at_seats(self, act: Callable[[Any, str], Any]) -> None:
        """Do something at every key of this socket's seats, in one go; seats end by themselves anyway."""
        if breaker.is_open or not self._seats:
            return
        commands = current_hub().redis.pipeline(transaction=False)
        for key in self._seats:
            act(commands, key)
        try:
            await commands.execute()
        except (RedisError, OSError) as error:
            if isinstance(error, AWAY):
                breaker.lost(error)


class _Gone(Exception):
    """The client closed the socket."""


async def _close(send: Send, code: int, retry_after: float | None = None) -> None:
    """Close the socket; a peer that has gone, or reads nothing any more, holds nobody up."""
    message: dict[str, Any] = {"type": "websocket.close", "code": code}
    if retry_after is not None:
        message["reason"] = orjson.dumps({"retry_after": round(retry_after, 1)}).decode()
    with contextlib.suppress(Exception):
        async with asyncio.timeout(CLOSE_SECONDS):
            await send(message)


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
