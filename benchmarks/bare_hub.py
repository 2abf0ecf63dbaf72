"""The least that a fan-out in Python can be: raw ASGI on uvicorn, one Redis channel, sends stepped by hand.

    python -m benchmarks.bare_hub --port 9001 --redis redis://127.0.0.1:6379/0

Whoever connects and says anything hears everything that is published to `bare`. It knows nobody, keeps no
queue and no offsets, and has uvicorn frame each send, as a hub does that uses ASGI as it is meant.
"""

import argparse
import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import redis.asyncio
import uvicorn

CHANNEL = "bare"
HELLO = '{"event":"hello","payload":{"heartbeat_seconds":15}}'
sends: set[Callable] = set()
waiting: set[asyncio.Task] = set()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Serve one socket (raw ASGI)."""
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    await receive()
    await send({"type": "websocket.send", "text": HELLO})
    sends.add(send)
    try:
        while (await receive())["type"] != "websocket.disconnect":
            pass
    finally:
        sends.discard(send)


async def carry(url: str) -> None:
    """Hand what is published to everybody."""
    pubsub = redis.asyncio.Redis.from_url(url).pubsub()
    await pubsub.subscribe(CHANNEL)
    while True:
        message = await pubsub.get_message(timeout=30)
        if message is not None and message["type"] == "message":
            text = message["data"].decode()
            for send in tuple(sends):
                step(send, text)


def step(send: Callable, text: str) -> None:
    sending = send({"type": "websocket.send", "text": text})
    with contextlib.suppress(StopIteration):
        blocked_on = sending.send(None)
        task = asyncio.ensure_future(finish(sending, blocked_on))
        waiting.add(task)
        task.add_done_callback(waiting.discard)


async def finish(sending: Any, blocked_on: Any) -> None:
    """Wait for a send that did not end at once."""
    while True:
        await blocked_on
        try:
            blocked_on = sending.send(None)
        except StopIteration:
            return


async def serve(port: int, url: str) -> None:
    carrier = asyncio.create_task(carry(url))
    configuration = uvicorn.Config(
        application,
        port=port,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        proxy_headers=False,
        access_log=False,
        lifespan="off",
        log_level="warning",
    )
    await uvicorn.Server(configuration).serve()
    carrier.cancel()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--redis", required=True)
    options = parser.parse_args()
    # The loop that uvicorn itself would take, and that Nonza's server of sockets runs on.
    with asyncio.Runner(loop_factory=uvicorn.Config(application).get_loop_factory()) as runner:
        runner.run(serve(options.port, options.redis))


if __name__ == "__main__":
    main()
