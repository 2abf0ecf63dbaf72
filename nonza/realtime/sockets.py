"""A socket that pushes: its hello, its heartbeats, and how it ends.

A consumer derives from `PushConsumer`, says in `enter` which groups a person may hear, and forwards
whatever the hub brings. One that has an `audience` carries its streams: the hello says how far the client
is in each, and is answered by what it missed before anything new.
"""

import asyncio
import contextlib
import logging
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar
from uuid import UUID

import orjson
from channels.consumer import AsyncConsumer
from django.conf import settings
from django.db import Error as DatabaseFault
from redis.exceptions import RedisError

from nonza.errors import NonzaError, come_back_after
from nonza.realtime import COME_BACK, NOT_ALLOWED, SIGN_IN, TOO_SLOW, draining, frame_of
from nonza.realtime.feeds import CaughtUp, position_of
from nonza.realtime.frames import Batch
from nonza.realtime.hub import SEAT_SECONDS, current_hub
from nonza.realtime.outbox import Outbox, Send, refuse
from nonza.realtime.rooms import Room
from nonza.redis_breaker import AWAY, breaker

logger = logging.getLogger(__name__)

HELLO_SECONDS = 5
HEARTBEAT_SECONDS = 15
SILENCE_SECONDS = 45
RECHECK_SECONDS = 60
FRAME_BYTES = 4096
FRAMES_A_SECOND, FRAMES_AT_ONCE = 20, 40
# More hellos at once than this wait longer than a client does; a client that comes back later loses less.
ENTERING_AT_MOST = 1000
CLOSE_SECONDS = 5

Receive = Callable[[], Awaitable[Any]]


_HEARTBEAT = Batch.of(frame_of("heartbeat", {}))


class Refused(Exception):
    """The socket must close with this code; who is asked to come back is told after how many seconds."""

    def __init__(self, code: int, *, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after


class PushConsumer(AsyncConsumer):
    """A socket that pushes: hello with a ticket, then heartbeats; everything else goes over HTTP.

    Frames in: {"type": "hello", "ticket": …, "positions": …} within 5 s, {"type": "heartbeat", …} every
    15 s. Frames out: {"event": …, "payload": …}, and with `stream`, `epoch` and `offset` what is logged.
    Closes: 4401 sign in, 4403 not allowed, 4408 too slow (256 events or 1 MiB wait), 4412 come back later.
    """

    kind: ClassVar[str]
    audience: ClassVar[str] = ""
    """Whose streams these sockets carry (`nonza.realtime.streams.register`), in the first of their groups."""
    audience_key: UUID
    """Whose log it is; set by `enter` where there is an audience."""
    entering: ClassVar[int] = 0  # sockets of this process that have said hello and wait for the answer

    def __init__(self) -> None:
        self._room: Room | None = None
        self._groups: list[str] = []
        self._socket_id = uuid.uuid4().hex
        self._seats: dict[str, int] = {}
        self._frames_left = float(FRAMES_AT_ONCE)
        self._frame_at = time.monotonic()
        self._listening: asyncio.Task[None] | None = None
        self._recheck_timer: asyncio.TimerHandle | None = None
        self._rechecking: asyncio.Task[None] | None = None

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

    def deliver(self, batch: Batch) -> None:
        """Send frames to the client, or give it up as too slow."""
        self._outbox.put(batch)

    def close_soon(self, code: int) -> None:
        """Close once what is queued has been sent."""
        self._outbox.close_soon(code)

    def drain(self, retry_after: float) -> None:
        """Ask the client to come back, which will be to another process."""
        self._end(Refused(COME_BACK, retry_after=retry_after))

    # The life of a socket -------------------------------------------------

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Serve one socket from connect to disconnect (ASGI)."""
        self.scope = scope
        self._over: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()
        offer = scope.get("extensions", {}).get("nonza.finished_frames", refuse)
        self._outbox = Outbox(send, offer, self._give_up)
        await receive()  # websocket.connect
        draining.sockets.add(self)
        try:
            await send({"type": "websocket.accept"})
            await self._enter(receive)
            await self._stay(receive)
        except Refused as refused:
            await self._outbox.stop()
            await _close(send, refused.code, refused.retry_after)
        except (DatabaseFault, RedisError, OSError) as error:
            logger.warning("A socket gave up: %r", error)
            await self._outbox.stop()
            await _close(send, COME_BACK, come_back_after(1))
        except _Gone:
            pass
        finally:
            await self._clean_up()

    async def _stay(self, receive: Receive) -> None:
        """Listen until the client goes, or somebody ends the socket; raises why."""
        self._listening = asyncio.create_task(self._listen(receive))
        self._look_again_later()
        ends: set[asyncio.Future[Any]] = {self._listening, self._over}
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        if self._over.done():
            raise self._over.result()
        await self._listening

    def _give_up(self, reason: int | Exception) -> None:
        self._end(Refused(reason) if isinstance(reason, int) else _Gone())  # nobody is there to be written to

    def _end(self, reason: Exception) -> None:
        if not self._over.done():
            self._over.set_result(reason)

    async def _enter(self, receive: Receive) -> None:
        try:
            async with asyncio.timeout(HELLO_SECONDS):
                hello = await _next_frame(receive)
        except TimeoutError:
            raise Refused(SIGN_IN) from None
        if hello.get("type") != "hello" or not isinstance(hello.get("ticket"), str):
            raise Refused(SIGN_IN)
        if PushConsumer.entering >= ENTERING_AT_MOST or draining.has_begun():
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
                await self._join(group)
            if not await self.may_stay():  # a right that ended before we listened: nobody says so again
                raise Refused(NOT_ALLOWED)
        except NonzaError as refusal:
            raise Refused(SIGN_IN if refusal.status == 401 else NOT_ALLOWED) from None  # noqa: PLR2004 -- HTTP
        positions = hello.get("positions")
        told = (
            {name: position_of(at) for name, at in positions.items()} if isinstance(positions, dict) else {}
        )
        caught = await self._room.catch_up(told) if self._room is not None else {}
        await self._greet({**payload, "heartbeat_seconds": HEARTBEAT_SECONDS}, caught)
        await self.entered()

    async def _join(self, group: str) -> None:
        self._groups.append(group)
        if self.audience and group == self._groups[0]:
            self._room = await current_hub().join(group, self, (self.audience, self.audience_key))
        else:
            await current_hub().join(group, self)

    async def _greet(self, payload: dict[str, Any], caught: dict[str, CaughtUp]) -> None:
        """Send the hello and what was missed; what was pushed meanwhile was held, and follows."""
        if caught:
            payload["positions"] = {
                name: {**found.top._asdict(), "recovered": found.batches is not None}
                for name, found in caught.items()
            }
        batches = [Batch.of(frame_of("hello", payload))]
        for found in caught.values():
            batches += found.batches or []
        try:
            await self._outbox.send_first(batches)
        except TimeoutError:
            raise Refused(TOO_SLOW) from None
        self._outbox.release({name: found.top for name, found in caught.items()})

    async def _listen(self, receive: Receive) -> None:
        while True:
            try:
                async with asyncio.timeout(SILENCE_SECONDS):
                    frame = await _next_frame(receive)
            except TimeoutError:
                raise Refused(COME_BACK) from None
            if frame.get("type") != "heartbeat" or not self._within_rate():
                raise Refused(NOT_ALLOWED)
            try:
                await self.heartbeat(frame)
            except (DatabaseFault, OSError) as error:  # what a heartbeat tells is told again by the next one
                logger.info("A heartbeat was not noted: %r", error)
            await self._renew_socket_seat()
            self.deliver(self._room.heartbeat() if self._room else _HEARTBEAT)

    def _look_again_later(self) -> None:
        """The push that ends a right can be lost, so the right is looked at again by the clock."""
        loop = asyncio.get_running_loop()
        self._recheck_timer = loop.call_later(RECHECK_SECONDS, self._begin_recheck)

    def _begin_recheck(self) -> None:
        self._rechecking = asyncio.create_task(self._recheck())

    async def _recheck(self) -> None:
        try:
            may_stay = await self.may_stay()
        except (DatabaseFault, OSError) as error:  # while nothing can be written, no right ends either
            logger.info("A right was not looked at again: %r", error)
            may_stay = True
        except Exception as error:  # noqa: BLE001 -- it ends this socket, and nobody would await the task
            self._end(error)
            return
        if may_stay:
            self._look_again_later()
        else:
            self._end(Refused(NOT_ALLOWED))

    def _within_rate(self) -> bool:
        now = time.monotonic()
        gained = (now - self._frame_at) * FRAMES_A_SECOND
        self._frames_left = min(FRAMES_AT_ONCE, self._frames_left + gained) - 1
        self._frame_at = now
        return self._frames_left >= 0

    async def _clean_up(self) -> None:
        """Leave nothing behind, however the socket ended: a client that resets it may do so in a send."""
        draining.sockets.discard(self)
        if self._recheck_timer is not None:
            self._recheck_timer.cancel()
        tasks = [task for task in (self._listening, self._rechecking) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, self._outbox.stop(), return_exceptions=True)
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
