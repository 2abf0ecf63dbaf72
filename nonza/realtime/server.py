"""The server of `/ws/` in production: `python -m nonza.realtime.server --port 8001`.

Uvicorn with what Nonza's sockets need: clients that read nothing any more are given up by the kernel,
frames go out finished, and on SIGTERM or SIGUSR1 the process takes no more connections and sends all
sockets elsewhere before it ends. A second signal ends it at once.
"""

import argparse
import asyncio
import gc
import os
import signal
import socket
import sys
from types import FrameType
from typing import Any

import uvicorn

from nonza.realtime import draining
from nonza.realtime.finished_frames import FinishedFramesProtocol

# What was sent and is not taken within these milliseconds ends the connection. Neither uvicorn's ping nor
# its close would: both wait behind what the client does not read.
UNREAD_MILLISECONDS = 15_000
MESSAGE_BYTES = 65536
PING_SECONDS = 20
GRACE_SECONDS = 15
BACKLOG = 2048
# A look through all that a thousand sockets hold stops them for as long as it takes: it is a rare one.
GARBAGE_THRESHOLDS = 50_000, 20, 50


class SocketServer(uvicorn.Server):
    """Uvicorn that sends its sockets elsewhere before it ends."""

    _draining: "asyncio.Task[None] | None" = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve; what was made by then stays, and is no garbage to look for again and again."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GARBAGE_THRESHOLDS)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end, or end now if that has begun."""
        if draining.has_begun():
            super().handle_exit(sig, frame)
            return
        draining.begin()
        self._loop.call_soon_threadsafe(self._begin_draining)

    def _begin_draining(self) -> None:
        for server in self.servers:  # a proxy that is refused goes to the next one; who is here stays
            server.close()
        self._draining = asyncio.create_task(self._drain())

    async def _drain(self) -> None:
        await draining.drain()
        self.should_exit = True

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until a signal has come and all sockets have gone."""
        self._loop = asyncio.get_running_loop()
        signal.signal(signal.SIGUSR1, self.handle_exit)
        await super().serve(sockets)


def bound(host: str, port: int) -> socket.socket:
    """Return a socket that listens; what it accepts inherits its options."""
    listener = socket.create_server((host, port), family=_family(host), backlog=BACKLOG)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_MILLISECONDS)
    listener.set_inheritable(True)
    return listener


def configuration(application: Any, *, ping_seconds: float = PING_SECONDS) -> uvicorn.Config:
    """Return how uvicorn serves the sockets."""
    return uvicorn.Config(
        application,
        ws=FinishedFramesProtocol,
        ws_per_message_deflate=False,
        ws_max_size=MESSAGE_BYTES,
        ws_ping_interval=ping_seconds,
        ws_ping_timeout=ping_seconds,
        timeout_graceful_shutdown=GRACE_SECONDS,
        proxy_headers=False,
        access_log=False,
        lifespan="off",
        log_level="info",
    )


def main(arguments: list[str]) -> int:
    """Serve; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m nonza.realtime.server", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument(
        "--ping-seconds",
        type=float,
        default=PING_SECONDS,
        help="a client is asked so often whether it is there, and given up if it is silent for as long again",
    )
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nonza.settings.prod")
    listener = bound(options.host, options.port)
    server = SocketServer(configuration("nonza.asgi:application", ping_seconds=options.ping_seconds))
    server.run(sockets=[listener])
    return 0


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
