"""Sockets on the server of production: what a slow, a vanished and a thousand-fold reader do to it."""

import asyncio
import contextlib
import gc
import os
import signal
import socket
import struct
from collections.abc import AsyncIterator, Callable
from typing import Any

import orjson
import pytest

from nonza.realtime import draining, sockets
from nonza.realtime.frames import Frame
from nonza.realtime.hub import Hub
from nonza.realtime.outbox import QUEUE_BYTES
from nonza.realtime.server import UNREAD_MILLISECONDS, SocketServer, bound, configuration
from tests.nonza.wires import GROUP, SECONDS, Listener

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
EVENT = b'{"event":"x","payload":"%s"}' % (b"y" * 20_000)


class Client:
    """A browser down to its bytes: it reads when it is told to."""

    def __init__(self, port: int, *, buffer: int = 0) -> None:
        self.socket = socket.socket()
        if buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.socket.setblocking(False)
        self.port = port
        self.kept = b""

    async def open(self, ticket: str = "dana") -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        await loop.sock_connect(self.socket, ("127.0.0.1", self.port))
        lines = ("GET / HTTP/1.1", "Host: x", "Upgrade: websocket", "Connection: Upgrade",
                 f"Sec-WebSocket-Key: {KEY}", "Sec-WebSocket-Version: 13", "", "")  # fmt: skip
        await loop.sock_sendall(self.socket, "\r\n".join(lines).encode())
        async with asyncio.timeout(SECONDS):
            while b"\r\n\r\n" not in self.kept:
                await self.take()
        self.kept = self.kept.partition(b"\r\n\r\n")[2]
        await self.says({"type": "hello", "ticket": ticket})
        _, content = await self.gets()
        return dict(orjson.loads(content))

    async def take(self, most: int = 1 << 16) -> None:
        piece = await asyncio.get_running_loop().sock_recv(self.socket, most)
        if not piece:
            raise ConnectionResetError
        self.kept += piece

    async def says(self, frame: Any) -> None:
        content = orjson.dumps(frame)
        head = bytes([0x81, 0x80 | len(content)]) + bytes(4)  # masked with zeros
        await asyncio.get_running_loop().sock_sendall(self.socket, head + content)

    async def gets(self) -> tuple[int, bytes]:
        """Return the next frame that is no ping: its opcode and its content."""
        async with asyncio.timeout(SECONDS):
            while True:
                head = 4 if len(self.kept) > 1 and self.kept[1] == 126 else 2
                if len(self.kept) >= head:
                    length = int.from_bytes(self.kept[2:4]) if head == 4 else self.kept[1]
                    if len(self.kept) >= head + length:
                        opcode, content = self.kept[0] & 15, self.kept[head : head + length]
                        self.kept = self.kept[head + length :]
                        if opcode != 9:
                            return opcode, content
                        continue
                await self.take()

    async def close_code(self) -> tuple[int, str]:
        """Read whatever comes until the close."""
        while True:
            opcode, content = await self.gets()
            if opcode == 8:
                return struct.unpack("!H", content[:2])[0], content[2:].decode()

    def reset(self) -> None:
        """Vanish as a machine does that has lost its power and come back."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


@pytest.fixture
async def served(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Callable[..., Client]]:
    """The server of production on a random port, with the sockets of one group; makes clients of it."""
    monkeypatch.setattr(draining, "_begun", False)

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await Listener()(scope, receive, send)

    thresholds = gc.get_threshold()
    handlers = {number: signal.getsignal(number) for number in (signal.SIGUSR1, signal.SIGTERM)}
    listener = bound("127.0.0.1", 0)
    server = SocketServer(configuration(application))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    async with asyncio.timeout(SECONDS):
        while not server.started:  # noqa: ASYNC110 -- uvicorn tells nobody
            await asyncio.sleep(0.001)
    clients: list[Client] = []

    def make(**options: Any) -> Client:
        clients.append(Client(listener.getsockname()[1], **options))
        return clients[-1]

    make.server, make.task = server, task  # type: ignore[attr-defined]
    yield make
    for client in clients:
        with contextlib.suppress(OSError):
            client.reset()
    server.should_exit = True
    async with asyncio.timeout(SECONDS):
        await task
    for number, handler in handlers.items():
        signal.signal(number, handler)
    gc.unfreeze()
    gc.set_threshold(*thresholds)


async def everybody_gone(hub: Hub) -> None:
    async with asyncio.timeout(SECONDS):
        while draining.sockets or GROUP in hub._rooms:  # noqa: ASYNC110 -- a set tells nobody
            await asyncio.sleep(0.001)


def consumer_of(ticket: str) -> Any:
    return next(one for one in draining.sockets if f"seat {ticket}" in str(vars(one)["_seats"]))


async def test_frames_go_out_finished(served: Callable[..., Client], hub: Hub) -> None:
    client = served()
    assert (await client.open())["event"] == "hello"
    hub._rooms[GROUP].take(Frame('{"event":"x","payload":"Дана"}'.encode()))
    assert await client.gets() == (1, '{"event":"x","payload":"Дана"}'.encode())
    hub._rooms[GROUP].take(Frame(EVENT))
    assert await client.gets() == (1, EVENT)
    (consumer,) = draining.sockets
    assert consumer._outbox._offer(Frame(b"more").finished)  # type: ignore[attr-defined]
    assert await client.gets() == (1, b"more")
    await client.says({"type": "heartbeat"})
    assert orjson.loads((await client.gets())[1])["event"] == "heartbeat"


async def test_connection_that_takes_nothing_is_ended_by_the_kernel(served: Callable[..., Client]) -> None:
    """Neither a ping nor a close gets past what a dead client does not read."""
    await served().open()
    (connection,) = served.server.server_state.connections  # type: ignore[attr-defined]
    wire = connection.transport.get_extra_info("socket")
    assert wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == UNREAD_MILLISECONDS


async def test_slow_reader_is_cut_while_another_gets_everything(
    served: Callable[..., Client], hub: Hub
) -> None:
    good, slow = served(), served(buffer=4096)
    await good.open("dana")
    await slow.open("ilya")
    consumer = consumer_of("ilya")
    connections = served.server.server_state.connections  # type: ignore[attr-defined]
    most = 0
    for _count in range(600):  # 12 MB
        hub._rooms[GROUP].take(Frame(EVENT))
        assert await good.gets() == (1, EVENT)
        waiting = sum(connection.transport.get_write_buffer_size() for connection in connections)
        most = max(most, waiting + consumer._outbox._bytes)
    assert most < QUEUE_BYTES + 300_000
    assert consumer._outbox._bytes == 0
    code, _reason = await slow.close_code()
    assert code == 4408


async def test_slow_reader_learns_why_however_late_it_reads(
    served: Callable[..., Client], hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The close stands behind what was not read; nobody waits for that, and the seat is free at once."""
    monkeypatch.setattr(sockets, "CLOSE_SECONDS", 0.05)
    slow = served(buffer=4096)
    await slow.open("ilya")
    async with asyncio.timeout(SECONDS):
        while draining.sockets:
            hub._rooms[GROUP].take(Frame(EVENT))
            await asyncio.sleep(0)
    await everybody_gone(hub)
    code, _reason = await slow.close_code()
    assert code == 4408


async def test_client_that_resets_during_a_send_leaves_nothing_behind(
    served: Callable[..., Client], hub: Hub
) -> None:
    client = served(buffer=4096)
    await client.open()
    (consumer,) = draining.sockets
    async with asyncio.timeout(SECONDS):
        while consumer._outbox._driver is None:  # type: ignore[attr-defined]
            hub._rooms[GROUP].take(Frame(EVENT))
            await asyncio.sleep(0)
    client.reset()
    await everybody_gone(hub)
    keys = await hub.redis.keys("nonza:sockets:test:*")
    assert keys == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGUSR1])
async def test_server_that_is_to_end_sends_everybody_elsewhere(
    served: Callable[..., Client], hub: Hub, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    monkeypatch.setattr(sockets.settings, "SOCKETS_PER_PARTICIPANT", 100)
    monkeypatch.setattr(draining, "SLICE_AT_LEAST", 3)
    clients = [served() for _count in range(8)]
    for client in clients:
        await client.open()
    hub._rooms[GROUP].take(Frame(b'{"event":"last"}'))
    os.kill(os.getpid(), number)
    for client in clients:
        assert await client.gets() == (1, b'{"event":"last"}')
        code, reason = await client.close_code()
        assert code == 4412
        assert 0 <= orjson.loads(reason)["retry_after"] <= draining.RETRY_AFTER_SECONDS
        client.reset()
    async with asyncio.timeout(SECONDS):
        await served.task  # type: ignore[attr-defined]


async def test_process_that_drains_takes_nobody_in(
    served: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draining, "_begun", True)
    client = served()
    with pytest.raises(orjson.JSONDecodeError):  # what comes is no hello but the close
        await client.open()
