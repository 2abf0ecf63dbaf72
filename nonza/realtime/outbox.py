"""What one socket still has to be sent: at once where it takes it, else from a bounded queue.

Nothing waits and no task is made as long as the client reads: a finished frame goes straight to the
transport where the server offers that (`finished_frames.py`), else `send` is stepped by hand. Only
a send that has to wait becomes a task, and whatever comes meanwhile is queued.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Generator, Mapping
from typing import Any, cast

from nonza.realtime import TOO_SLOW, frame_of
from nonza.realtime.frames import Batch, Frame
from nonza.realtime.streams import Position

QUEUE_EVENTS, QUEUE_BYTES = 256, 1024 * 1024
SEND_SECONDS = 30

Send = Callable[[dict[str, Any]], Awaitable[None]]
Offer = Callable[[bytes], bool]
_RESYNC = Frame(frame_of("resync", {}).encode())


def refuse(_finished: bytes) -> bool:
    """Take no finished frames, as a server does that does not know them."""
    return False


class Outbox:
    """The way out of one socket; it holds everything until `release`."""

    def __init__(self, send: Send, offer: Offer, give_up: Callable[[int | Exception], None]) -> None:
        self._send = send
        self._offer = offer
        self._give_up = give_up
        self._flows = False
        """Nothing is queued or waits: what comes can be sent at once."""
        self._held = True
        self._queue: OrderedDict[object, Frame] = OrderedDict()
        self._bytes = 0
        self._driver: asyncio.Task[None] | None = None
        self._close_code: int | None = None

    def put(self, batch: Batch) -> None:
        """Send this after everything that came before it, or give the client up as too slow."""
        if self._flows and self._offer(batch.finished):
            return
        if self._close_code is not None:
            return
        for frame in batch.frames:
            self._enqueue(frame)
        if self._flows:
            self._advance()

    def close_soon(self, code: int) -> None:
        """Give up once what is queued has been sent; take nothing from now on."""
        if self._close_code is None:
            self._close_code = code
            self._flows = False
            if not self._held and self._driver is None:
                self._advance()

    async def send_first(self, batches: list[Batch]) -> None:
        """Send these before everything that is held; raises TimeoutError if the client does not read."""
        async with asyncio.timeout(SEND_SECONDS):
            for batch in batches:
                if not self._offer(batch.finished):
                    for frame in batch.frames:
                        await self._send({"type": "websocket.send", "text": frame.text})

    def release(self, tops: Mapping[str, Position]) -> None:
        """Send what was held, but of each stream only what comes after this position; hold no more."""
        for key, frame in list(self._queue.items()):
            if frame.place and _is_known(frame.place, tops):
                self._forget(key)
        self._held = False
        self._advance()

    async def stop(self) -> None:
        """Send nothing any more."""
        self._flows = False
        self._close_code = self._close_code or TOO_SLOW
        self._queue.clear()
        if self._driver is not None:
            self._driver.cancel()
            await asyncio.gather(self._driver, return_exceptions=True)

    def _enqueue(self, frame: Frame) -> None:
        if self._close_code is not None:
            return
        key = frame.key or frame
        if key in self._queue:
            self._forget(key)
        if self._is_full(frame):
            self._drop_passing()
        if self._is_full(frame):
            self._queue.clear()
            self._bytes = 0
            self._close_code = TOO_SLOW
            self._flows = False
            self._give_up(TOO_SLOW)
            return
        self._queue[key] = frame
        self._bytes += len(frame.json)

    def _is_full(self, frame: Frame) -> bool:
        return len(self._queue) >= QUEUE_EVENTS or self._bytes + len(frame.json) > QUEUE_BYTES

    def _drop_passing(self) -> None:
        """Make room by what is soon out of date; the client is told to load what it has missed."""
        passing = [key for key, frame in self._queue.items() if frame.key]
        for key in passing:
            self._forget(key)
        if passing and _RESYNC not in self._queue:
            self._queue[_RESYNC] = _RESYNC
            self._bytes += len(_RESYNC.json)

    def _forget(self, key: object) -> None:
        self._bytes -= len(self._queue.pop(key).json)

    def _advance(self) -> None:
        """Send what is queued as far as nobody has to wait."""
        if self._offer_all():
            self._queue.clear()
            self._bytes = 0
        while self._queue:
            key, frame = next(iter(self._queue.items()))
            self._forget(key)
            sending = cast(
                "Coroutine[Any, Any, None]", self._send({"type": "websocket.send", "text": frame.text})
            )
            try:
                waits_for = sending.send(None)
            except StopIteration:
                continue
            except Exception as error:  # noqa: BLE001 -- whatever it is, it belongs to this socket and not to the hub
                self._lose(error)
                return
            self._flows = False
            self._driver = asyncio.create_task(self._drive(sending, waits_for))
            return
        self._flows = self._close_code is None
        if self._close_code is not None:
            self._give_up(self._close_code)

    def _offer_all(self) -> bool:
        if not self._queue:
            return False
        return self._offer(b"".join([frame.finished for frame in self._queue.values()]))

    async def _drive(self, sending: Coroutine[Any, Any, None], waits_for: Any) -> None:
        """Wait for a send that could not end at once, and go on with the queue."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await _Begun(sending, waits_for)
        except TimeoutError:
            self._give_up(TOO_SLOW)
        except Exception as error:  # noqa: BLE001 -- the socket ends by it
            self._lose(error)
        else:
            self._driver = None
            self._advance()

    def _lose(self, error: Exception) -> None:
        self._flows = False
        self._queue.clear()
        self._close_code = self._close_code or TOO_SLOW
        self._give_up(error)


class _Begun:
    """Lets a task await a coroutine that was begun by hand, and now waits for something."""

    def __init__(self, coroutine: Coroutine[Any, Any, None], waits_for: Any) -> None:
        self._coroutine = coroutine
        self._waits_for = waits_for

    def __await__(self) -> Generator[Any, Any, None]:
        waits_for = self._waits_for
        while True:
            try:
                try:
                    answer = yield waits_for
                except BaseException as error:  # noqa: BLE001 -- a cancellation too is the coroutine's
                    waits_for = self._coroutine.throw(error)
                else:
                    waits_for = self._coroutine.send(answer)
            except StopIteration:
                return


def _is_known(place: tuple[str, Position], tops: Mapping[str, Position]) -> bool:
    stream, position = place
    top = tops.get(stream)
    return top is not None and top.epoch == position.epoch and position.offset <= top.offset
