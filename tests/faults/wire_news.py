"""What the fake LiveKit tells by webhook: signed, in order, tried again, and as unreliable as wanted."""

import asyncio
import base64
import contextlib
import hashlib
import random
import secrets
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import aiohttp
from google.protobuf.json_format import MessageToJson
from livekit import api
from livekit.protocol.webhook import WebhookEvent

# After how many seconds each copy of an event sets out; none: it is lost. What sets out later than at
# once is overtaken by what comes after it.
Fate = Callable[[WebhookEvent], Sequence[float]]

WAITS = (1.0, 2.0, 4.0, 8.0)  # between the five tries of the real server
OLDEST_SECONDS, DEEPEST = 30.0, 200  # what waits longer, or behind more, is dropped
TRY_AGAIN = {429, 500, 502, 503, 504}


def at_once(_event: WebhookEvent) -> Sequence[float]:
    return (0.0,)


def lost(_event: WebhookEvent) -> Sequence[float]:
    return ()


def twice(_event: WebhookEvent) -> Sequence[float]:
    return (0.0, 0.0)


def late(seconds: float) -> Fate:
    return lambda _event: (seconds,)


def at_random(seed: int, *, longest: float) -> Fate:
    """Lose a quarter, tell a quarter twice, and let each copy take up to `longest` seconds."""
    source = random.Random(seed)  # noqa: S311 -- nothing secret

    def fate(_event: WebhookEvent) -> Sequence[float]:
        copies = source.choice([0, 1, 1, 2])
        return [source.uniform(0, longest) for _copy in range(copies)]

    return fate


@dataclass
class News:
    """The sender. Its methods run on the loop of the fake server."""

    url: str
    key: str
    secret: str
    fate: Fate = at_once
    waits: Sequence[float] = WAITS
    told: list[tuple[str, str, int]] = field(default_factory=list)  # event, identity or "", status
    _queues: dict[str, deque[tuple[float, bytes, WebhookEvent]]] = field(default_factory=dict)
    _tasks: set[asyncio.Task] = field(default_factory=set)

    def tell(self, event: WebhookEvent) -> None:
        """Give the event an id and send what its fate says."""
        event.id = f"EV_{secrets.token_hex(6)}"
        event.created_at = int(time.time())
        body = MessageToJson(event, indent=None).encode()
        for delay in self.fate(event):
            self._begin(self._later(delay, body, event) if delay else self._in_order(body, event))

    def forget(self) -> None:
        """Drop what waits, as a server that is killed does."""
        self._queues.clear()
        for task in self._tasks:
            task.cancel()

    async def stop(self) -> None:
        self.forget()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, work: "asyncio._CoroutineLike") -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _later(self, delay: float, body: bytes, event: WebhookEvent) -> None:
        await asyncio.sleep(delay)
        await self._deliver(body, event)

    async def _in_order(self, body: bytes, event: WebhookEvent) -> None:
        """Send behind the earlier events of the same room."""
        queue = self._queues.get(event.room.name)
        if queue is not None:
            if len(queue) < DEEPEST:
                queue.append((time.monotonic(), body, event))
            return
        queue = self._queues[event.room.name] = deque([(time.monotonic(), body, event)])
        try:
            while queue:
                queued_at, body, event = queue.popleft()
                if time.monotonic() - queued_at <= OLDEST_SECONDS:
                    await self._deliver(body, event)
        finally:
            if self._queues.get(event.room.name) is queue:
                del self._queues[event.room.name]

    async def _deliver(self, body: bytes, event: WebhookEvent) -> None:
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        token = api.AccessToken(self.key, self.secret).with_sha256(digest).to_jwt()
        headers = {"Authorization": token, "Content-Type": "application/webhook+json"}
        async with aiohttp.ClientSession() as session:
            for wait in (*self.waits, None):
                status = await self._try(session, body, headers)
                self.told.append((event.event, event.participant.identity, status))
                if wait is None or (status and status not in TRY_AGAIN):
                    return
                await asyncio.sleep(wait)

    async def _try(self, session: aiohttp.ClientSession, body: bytes, headers: dict[str, str]) -> int:
        """Return the answer's status, or 0 if there was none."""
        with contextlib.suppress(aiohttp.ClientError, OSError, TimeoutError):
            async with session.post(self.url, data=body, headers=headers) as answer:
                return answer.status
        return 0
