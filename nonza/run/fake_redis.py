"""A Redis for machines without one: `python -m nonza.run.fake_redis PORT` serves it in memory."""

import signal
import sys
from types import FrameType

from fakeredis import TcpFakeServer

from nonza.run.console import say
from nonza.run.ports import LOOPBACK


def main(port: int) -> None:
    server = TcpFakeServer((LOOPBACK, port), server_type="redis", server_version=(7, 4))
    server.daemon_threads = True
    signal.signal(signal.SIGTERM, _leave)
    say(f"Serving a Redis in memory on {LOOPBACK}:{port}")
    try:
        server.serve_forever()
    finally:
        server.server_close()


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
