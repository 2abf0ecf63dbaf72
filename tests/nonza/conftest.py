"""The hub of a test, and sockets that are closed at its end."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from nonza.realtime.hub import Hub, current_hub
from nonza.realtime.sockets import PushConsumer
from tests.nonza.wires import SECONDS, Listener, Wire


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    hub = current_hub()
    yield hub
    for task in filter(None, (hub._reader, hub._watcher, hub._checking)):
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    await hub._pubsub.aclose()  # type: ignore[no-untyped-call]
    await hub.redis.aclose()


@pytest.fixture
async def opened(hub: Hub) -> AsyncIterator[Callable[..., Awaitable[Wire]]]:
    """Open sockets; they are closed at the end."""
    wires: list[Wire] = []

    async def open_wire(consumer: PushConsumer | None = None, ticket: str = "dana") -> Wire:
        wire = Wire(consumer or Listener())
        wires.append(wire)
        async with asyncio.timeout(SECONDS):
            assert (await wire.sent.get())["type"] == "websocket.accept"
        wire.says({"type": "hello", "ticket": ticket})
        return wire

    yield open_wire
    for wire in wires:
        wire.reads.set()
        wire.goes()
        await wire.task
