"""Uvicorn's WebSocket protocol, with a way for frames that are finished already.

A push is one frame for a thousand sockets. Through ASGI's `send` each of them would frame it anew. Here
the application finds in `scope["extensions"]["nonza.finished_frames"]` a callable that hands bytes
straight to the transport, and answers whether it did. It refuses while the client reads too slowly, once
the socket is closing, and where frames are compressed; then `send` is the way, with its flow control.
"""

import logging
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

# Uvicorn would write a line for each socket that comes.
_logger = logging.getLogger("uvicorn.sockets")
_logger.setLevel(logging.WARNING)


class FinishedFramesProtocol(WebSocketsSansIOProtocol):
    """One connection."""

    _writes = True

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.logger = _logger

    def handle_connect(self, event: Request) -> None:
        """Offer the way to the application, before its task has begun."""
        super().handle_connect(event)
        scope: Any = getattr(self, "scope", None)
        if scope is not None and not self.conn.extensions:
            scope["extensions"]["nonza.finished_frames"] = self.write_finished

    def pause_writing(self) -> None:
        """The transport's buffer is full: the client reads too slowly."""
        self._writes = False
        super().pause_writing()

    def resume_writing(self) -> None:
        """The client has read enough."""
        self._writes = True
        super().resume_writing()

    async def send(self, message: Any) -> None:
        """Send as uvicorn does; but a close does not wait until the client reads what came before it.

        It stands behind that, some bytes more, and tells why to who reads on; who never does is ended by
        the kernel (`nonza/realtime/server.py`).
        """
        if message["type"] == "websocket.close":
            self.writable.set()
        await super().send(message)

    def write_finished(self, frames: bytes) -> bool:
        """Send whole, unfragmented and uncompressed frames now; False if that cannot be."""
        if not self._writes or self.close_sent or self.disconnected or not self.handshake_complete:
            return False
        transport = self.transport
        if transport.is_closing():
            return False
        transport.write(frames)
        return True
