"""A socket server that may open no more files: who is in stays, who comes is turned away for now."""

import asyncio
import contextlib
import resource
from collections.abc import AsyncIterator, Iterator

from tests.faults.people import Person, Socket
from tests.faults.process import Process, until
from tests.faults.stack import Stack

ANSWERED_SECONDS = 3  # asyncio's own loop answers after 4 s: it tries 2,048 times to take who knocks
BEATS, KNOCKS = 8, 60
LOG_BYTES = 1_000_000  # asyncio's own loop says so 2,048 times a second
SECONDS_TO_RECOVER = 15


async def test_who_is_in_stays_while_nobody_more_can_be_let_in(stack: Stack, host: Person) -> None:
    server = stack.sockets[0]
    ws = f"ws://127.0.0.1:{server.port}"
    socket = await Socket.open(ws, host)
    try:
        await beat(socket)
        said = len(server.log())
        with no_more_files(server):
            async with knocking(server.port) as readers:
                for _turn in range(BEATS):
                    await beat(socket)
                assert await asyncio.wait_for(readers[-1].read(), ANSWERED_SECONDS) == b""
        assert len(server.log()) - said < LOG_BYTES
        seconds = await until(lambda: gets_in(ws, host), SECONDS_TO_RECOVER, "others are let in again")
        print(
            f"F22: {BEATS} heartbeats answered without a free descriptor; others let in after {seconds:.1f} s"
        )
        assert socket.is_open
    finally:
        await socket.close()


@contextlib.contextmanager
def no_more_files(process: Process) -> Iterator[None]:
    """Let a running process open nothing beyond what it holds now."""
    usual = resource.prlimit(process.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (process.descriptors(), usual[1]))
    try:
        yield
    finally:
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, usual)


@contextlib.asynccontextmanager
async def knocking(port: int) -> AsyncIterator[list[asyncio.StreamReader]]:
    """Keep connections that want to be let in."""
    wires = [await asyncio.open_connection("127.0.0.1", port) for _knock in range(KNOCKS)]
    try:
        yield [reader for reader, _writer in wires]
    finally:
        for _reader, writer in wires:
            writer.close()


async def beat(socket: Socket) -> None:
    """Send a heartbeat and wait for its answer."""
    heard = len(socket.heard("heartbeat"))
    await socket.beat()
    await socket.hears("heartbeat", heard + 1, seconds=ANSWERED_SECONDS)


async def gets_in(ws: str, person: Person) -> bool:
    """Say whether a socket of this person is let in."""
    try:
        socket = await Socket.open(ws, person)
    except AssertionError:  # asked to come back later
        return False
    await socket.close()
    return True
