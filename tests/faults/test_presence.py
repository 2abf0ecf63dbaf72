"""A socket server is killed: who was online only there is gone within 45 s, and nobody else is."""

import time

import httpx
import pytest

from tests.faults.members import Member, make_members
from tests.faults.people import Socket
from tests.faults.process import Process, until
from tests.faults.stack import Stack

pytestmark = pytest.mark.integration
GHOST_SECONDS = 45


def of(process: Process) -> str:
    """One socket server itself, past nginx."""
    return f"ws://127.0.0.1:{process.port}"


def changes(socket: Socket, member: Member) -> list[bool]:
    """When somebody came (true) and went, as one socket heard it."""
    heard = socket.heard("presence.changed")
    return [change["online"] for change in heard if change["user_id"] == member.user]


async def test_killed_socket_server_leaves_no_ghost(stack: Stack, client: httpx.AsyncClient) -> None:
    alice, bob, carol, dave = make_members(stack, client, "Alice", "Bob", "Carol", "Dave")
    doomed, other = stack.sockets
    hers = await Socket.open(of(other), alice)
    sockets = [hers, await Socket.open(of(other), carol)]
    sockets += [await Socket.open(of(doomed), member) for member in (bob, carol, dave)]
    everybody = {member.user for member in (alice, bob, carol, dave)}
    await until(lambda: _is(alice, everybody), 10, "all are online")
    doomed.kill()
    killed = time.monotonic()
    sockets.append(await Socket.open(of(other), dave))  # he comes back at once, like a page does
    gone = await until(lambda: changes(hers, bob)[-1:] == [False], GHOST_SECONDS, "Bob's ghost is gone")
    print(f"\nthe ghost was gone {time.monotonic() - killed:.1f} s after the kill")
    assert gone <= GHOST_SECONDS
    assert await alice.online() == everybody - {bob.user}
    assert changes(hers, bob) == [True, False]
    assert changes(hers, carol) == [True], "she was online elsewhere all the time"
    assert changes(hers, dave) == [True], "he was never away for longer than his old socket was trusted"
    for socket in sockets:
        await socket.close()
    await until(lambda: _is(alice, set()), 10, "nobody is online any more")
    doomed.start()
    await doomed.ready()


async def _is(member: Member, expected: set[str]) -> bool:
    return await member.online() == expected
