"""The least that a socket can be: accept, answer the first frame with a hello, keep it open."""

from typing import Any

HELLO = '{"event": "hello", "payload": {"heartbeat_seconds": 15}}'


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Serve one socket (raw ASGI)."""
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    greeted = False
    while (await receive())["type"] != "websocket.disconnect":
        if not greeted:
            await send({"type": "websocket.send", "text": HELLO})
            greeted = True
