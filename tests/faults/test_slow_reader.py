"""Somebody reads too slowly: the socket server lets go of them, and everybody else is served."""

import asyncio
import json
import socket

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.faults.chat_client import STREAM, Chatter, agree, nothing_is_lost
from tests.faults.chat_places import all_present, in_a_channel
from tests.faults.process import until
from tests.faults.stack import Stack

TOO_SLOW = 4408
LONG = "🚢" * 3900  # four bytes each
MESSAGES_AT_MOST = 1500
MEMORY_AT_MOST = 24 * 1024 * 1024
RECEIVE_BYTES = 32 * 1024
READS_A_SECOND = 2  # who reads nothing at all is cut by TCP, without a word


async def open_slowly(stack: Stack, chatter: Chatter) -> ClientConnection:
    """Say hello at the first socket server, with little room for what comes."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
    raw.setblocking(False)
    await asyncio.get_running_loop().sock_connect(raw, ("127.0.0.1", stack.sockets[0].port))
    ticket = (await chatter.person.ticket()).json()["ticket"]
    wire = await connect(
        f"ws://127.0.0.1:{stack.sockets[0].port}{chatter.person.path}",
        sock=raw,
        origin=stack.http,  # type: ignore[arg-type]
        compression=None,
        ping_interval=None,
        max_queue=4,
        proxy=None,
    )
    await wire.send(json.dumps({"type": "hello", "ticket": ticket}))
    assert json.loads(await wire.recv())["event"] == "hello"
    return wire


def seats_of(stack: Stack) -> set[str]:
    """Every socket that is open, as Redis counts them."""
    with stack.store() as store:
        keys = [key for key in store.keys("nonza:sockets:*") if not key.startswith("nonza:sockets:ip:")]
        return {f"{key} {member}" for key in keys for member in store.zrange(key, 0, -1)}


async def test_slow_reader_is_let_go_and_costs_the_others_nothing(
    stack: Stack, client: httpx.AsyncClient
) -> None:
    marta, ilya, noor, lena = await in_a_channel(stack, client, "Marta", "Ilya", "Noor", "Lena")
    others = [marta, ilya, noor]
    for chatter in others:  # on the same server as who is slow
        chatter.ws = f"ws://127.0.0.1:{stack.sockets[0].port}"
    async with all_present(others):
        seats = seats_of(stack)
        wire = await open_slowly(stack, lena)
        (seat,) = seats_of(stack) - seats
        before = stack.sockets[0].memory()
        gone = asyncio.Event()
        writing = [asyncio.create_task(write_long(chatter, gone)) for chatter in others]
        reading = asyncio.create_task(read_to_the_end(wire, gone))
        await until(lambda: seat not in seats_of(stack), 60, "who reads too slowly is let go")
        gone.set()
        heard, code = await reading
        await asyncio.gather(*writing)
        await agree(others, seconds=60)
        grown = stack.sockets[0].memory() - before
        print(
            f"F13: let go after {len(marta.view)} messages of {4 * len(LONG)} bytes, {heard} of them "
            f"sent; memory grew by {grown / 2**20:.1f} MiB; closed with {code}"
        )
        assert code == TOO_SLOW
        assert heard < len(marta.view), "who is too slow does not get everything in the end"
        assert grown < MEMORY_AT_MOST
        async with lena.present():
            await agree([*others, lena], seconds=60)
    assert [chatter.closes.total() for chatter in others] == [0, 0, 0]
    nothing_is_lost([*others, lena])


async def write_long(chatter: Chatter, gone: asyncio.Event) -> None:
    number = 0
    while not gone.is_set():
        number += 1
        assert number < MESSAGES_AT_MOST, "who reads too slowly is never let go"
        await chatter.write(f"{chatter.person.name} {number} {LONG}")


async def read_to_the_end(wire: ClientConnection, gone: asyncio.Event) -> tuple[int, int]:
    """Read slowly until let go, and then the rest; returns how many messages came, and the close code."""
    heard = 0
    try:
        while True:
            async with asyncio.timeout(60):
                heard += json.loads(await wire.recv()).get("stream") == STREAM
            if not gone.is_set():
                await asyncio.sleep(1 / READS_A_SECOND)
    except ConnectionClosed:
        return heard, wire.close_code or 0
