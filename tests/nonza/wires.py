"""Sockets without a server: what a consumer gets and sends, in the test's own hands."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from asgiref.sync import sync_to_async

from nonza.errors import NonzaError
from nonza.realtime import publish
from nonza.realtime.frames import Batch
from nonza.realtime.sockets import PushConsumer

GROUP = "test:group"
SECONDS = 10
say = sync_to_async(publish)


class Listener(PushConsumer):
    """A socket that hears one group."""

    kind = "test"
    refusal: NonzaError | None = None
    stays = True

    async def enter(self, hello: dict[str, Any]) -> tuple[str, list[str], dict[str, Any]]:
        if self.refusal:
            raise self.refusal
        return f"seat {hello['ticket']}", [GROUP], {"you": hello["ticket"]}

    async def may_stay(self) -> bool:
        return self.stays

    def client_prefix(self) -> str:
        return "203.0.113.1"


class Member(Listener):
    """A member of groups without a wire: it keeps what the hub gives it."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        self.closed: list[int] = []
        self._news = asyncio.Event()

    def deliver(self, batch: Batch) -> None:
        self.heard.extend(frame.text for frame in batch.frames)
        self._news.set()

    def close_soon(self, code: int) -> None:
        self.closed.append(code)
        self._news.set()

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(SECONDS):
            while not is_so():
                self._news.clear()
                await self._news.wait()


class Wire:
    """The server's side of one socket: what a browser sends and gets; it can stop reading."""

    def __init__(self, consumer: PushConsumer) -> None:
        self.consumer = consumer
        self.sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.reads = asyncio.Event()
        self.reads.set()
        self.writes = asyncio.Event()
        self.breaks = False
        self._incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._incoming.put_nowait({"type": "websocket.connect"})
        self.task = asyncio.create_task(consumer({}, self._incoming.get, self._send))  # type: ignore[call-arg]

    async def _send(self, message: dict[str, Any]) -> None:
        self.writes.set()
        if self.breaks:
            raise OSError
        await self.reads.wait()
        self.sent.put_nowait(message)

    def says(self, frame: Any) -> None:
        text = frame if isinstance(frame, str) else orjson.dumps(frame).decode()
        self._incoming.put_nowait({"type": "websocket.receive", "text": text})

    def goes(self) -> None:
        self._incoming.put_nowait({"type": "websocket.disconnect", "code": 1001})

    async def gets(self) -> dict[str, Any]:
        async with asyncio.timeout(SECONDS):
            message = await self.sent.get()
        assert message["type"] == "websocket.send", message
        return dict(orjson.loads(message["text"]))

    async def closes(self) -> tuple[int, str]:
        """Return the code and the reason."""
        async with asyncio.timeout(SECONDS):
            while (message := await self.sent.get())["type"] != "websocket.close":
                pass
            await self.task
        return int(message["code"]), message.get("reason", "")

    async def closes_with(self) -> int:
        return (await self.closes())[0]


Open = Callable[..., Awaitable[Wire]]
