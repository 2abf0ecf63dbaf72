"""Very many clients of one socket server in one light process; `chat_fanout` tells it what to do.

Commands and answers are lines of JSON. A client upgrades, says hello and from then on only reads. What a
thousand clients get is a thousand times the same bytes: each piece is parsed once. Every message has its
number and the time at which it was sent (`fan <number> <nanoseconds>`), by this machine's clock.
"""

import asyncio
import os
import re
import sys
import time
from typing import Any

import orjson
import uvloop

MESSAGE = re.compile(rb"fan (\d+) (\d+)")
OFFSET = re.compile(rb'"offset":(\d+)')
PIECES_KEPT = 4096
HELLO, PING = -1, -2
HEARTBEAT_SECONDS = 20
REQUEST = (
    "GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {origin}\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


class Crowd:
    """All clients, and what they have heard."""

    def __init__(self) -> None:
        self.clients: list[Client] = []
        self.pieces: dict[bytes, tuple[tuple[int, int], ...] | None] = {}
        self.forget()

    def forget(self) -> None:
        """Count from now on."""
        self.heard = self.wrong = 0
        self.latencies: list[int] = []
        self.events: set[str] = set()
        for client in self.clients:
            client.last = -1

    def parse(self, piece: bytes) -> tuple[tuple[int, int], ...] | None:
        """Return the messages in a piece of whole frames; None if it is cut within one."""
        if piece not in self.pieces:
            if len(self.pieces) > PIECES_KEPT:
                self.pieces.clear()
            frames, rest = frames_of(piece)
            self.pieces[piece] = None if rest else messages_of(frames)
        return self.pieces[piece]


class Client(asyncio.Protocol):
    """One socket."""

    def __init__(self, crowd: Crowd, request: bytes, hello: bytes) -> None:
        self.crowd = crowd
        self.request = request
        self.hello = hello
        self.kept = b""
        self.upgraded = False
        self.greeted = asyncio.get_running_loop().create_future()
        self.last = -1
        self.count = 0

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(self.request)

    def data_received(self, piece: bytes) -> None:
        if not self.upgraded:
            piece = self.upgrade(piece)
        if self.kept:
            piece, self.kept = self.kept + piece, b""
        if not piece:
            return
        messages = self.crowd.parse(piece)
        if messages is None:
            frames, self.kept = frames_of(piece)
            messages = messages_of(frames)
        now = time.monotonic_ns()
        for number, sent in messages:
            if number < 0:
                self.answer(number, sent)
                continue
            self.crowd.wrong += number != self.last + 1 and self.last >= 0
            self.last = number
            self.count += 1
            self.crowd.heard += 1
            self.crowd.latencies.append(now - sent)

    def upgrade(self, piece: bytes) -> bytes:
        self.kept += piece
        head, found, rest = self.kept.partition(b"\r\n\r\n")
        if not found:
            return b""
        self.kept, self.upgraded = b"", True
        if b" 101 " not in head.split(b"\r\n")[0]:
            self.greeted.set_exception(ConnectionError(head.decode()))
            return b""
        self.transport.write(masked(self.hello))
        return rest

    def answer(self, kind: int, content: int) -> None:
        if kind == PING:
            self.transport.write(masked(content.to_bytes(4), 0x8A))
        elif not self.greeted.done():
            self.greeted.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.greeted.done():
            self.greeted.set_exception(error or ConnectionError("closed"))


def frames_of(piece: bytes) -> tuple[list[bytes], bytes]:
    """Return the whole frames, each behind the byte that says what it is, and what is left over."""
    frames: list[bytes] = []
    at = 0
    while len(piece) - at >= 2:
        length, begin = piece[at + 1], at + 2
        if length == 126:
            length, begin = int.from_bytes(piece[at + 2 : at + 4]), at + 4
        elif length == 127:
            length, begin = int.from_bytes(piece[at + 2 : at + 10]), at + 10
        if begin > len(piece) or begin + length > len(piece):
            break
        if piece[at] == 0x88:
            sys.stderr.write(f"closed: {piece[begin : begin + length]!r}\n")
        else:
            frames.append(piece[at:begin][:1] + piece[begin : begin + length])
        at = begin + length
    return frames, piece[at:]


def messages_of(frames: list[bytes]) -> tuple[tuple[int, int], ...]:
    """Return (number, time) for each message; (HELLO, 0); (PING, what it says)."""
    found = []
    for frame in frames:
        if match := MESSAGE.search(frame):
            offset = OFFSET.search(frame, 0, 120)
            found.append((int((offset or match)[1]), int(match[2])))
        elif frame[0] == 0x89:
            found.append((PING, int.from_bytes(frame[1:])))
        elif b'"hello"' in frame[:40]:
            found.append((HELLO, 0))
    return tuple(found)


def masked(payload: bytes, opcode: int = 0x81) -> bytes:
    key, length = os.urandom(4), len(payload)
    head = bytes([opcode, 0x80 | length]) if length < 126 else bytes([opcode, 0xFE]) + length.to_bytes(2)
    return head + key + bytes(byte ^ key[index % 4] for index, byte in enumerate(payload))


async def connect(crowd: Crowd, order: dict[str, Any]) -> dict[str, Any]:
    """Open a client for each hello, so many at once, until all are greeted and have so many messages."""
    loop, gate = asyncio.get_running_loop(), asyncio.Semaphore(order["at_once"])
    request = REQUEST.format(**order).encode()
    began, took = time.monotonic(), []

    async def come(hello: str) -> Client:
        async with gate:
            client = Client(crowd, request, hello.encode())
            await loop.create_connection(lambda: client, order["host"], order["port"])
            await client.greeted
            while client.count < order["until"]:  # noqa: ASYNC110 -- counted by the thousand
                await asyncio.sleep(0.002)
            took.append(time.monotonic() - began)
            return client

    came = await asyncio.gather(*[come(hello) for hello in order["hellos"]], return_exceptions=True)
    crowd.clients += [client for client in came if isinstance(client, Client)]
    return {"came": len(took), "seconds": time.monotonic() - began, "faults": len(came) - len(took)}


def leave(crowd: Crowd) -> dict[str, Any]:
    for client in crowd.clients:
        client.transport.abort()
    crowd.clients.clear()
    return {}


def report(crowd: Crowd) -> dict[str, Any]:
    late = sorted(crowd.latencies)
    quantiles = [late[int(len(late) * part)] / 1e6 if late else 0.0 for part in (0.5, 0.95, 0.99)]
    return {"heard": crowd.heard, "wrong": crowd.wrong, "ms": quantiles}


async def stay(crowd: Crowd) -> None:
    """Send heartbeats, evenly over time."""
    heartbeat = masked(b'{"type":"heartbeat"}')
    while True:
        for client in tuple(crowd.clients):
            client.transport.write(heartbeat)
            await asyncio.sleep(HEARTBEAT_SECONDS / len(crowd.clients) if crowd.clients else 0)
        await asyncio.sleep(0.1)


async def obey() -> None:
    crowd, loop = Crowd(), asyncio.get_running_loop()
    staying = asyncio.create_task(stay(crowd))
    while line := await loop.run_in_executor(None, sys.stdin.buffer.readline):
        order = orjson.loads(line)
        answer: dict[str, Any] = {}
        if order["do"] == "connect":
            answer = await connect(crowd, order)
        elif order["do"] == "leave":
            answer = leave(crowd)
        elif order["do"] == "forget":
            crowd.forget()
        else:
            answer = report(crowd)
        sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
        sys.stdout.buffer.flush()
    staying.cancel()


if __name__ == "__main__":
    uvloop.run(obey())
